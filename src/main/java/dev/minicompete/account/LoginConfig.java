package dev.minicompete.account;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits on failed log-ins within a time window. */
@ConfigMapping(prefix = "auth.logins")
interface LoginConfig {

    /** The window, from the first failure. */
    @WithDefault("PT1M")
    Duration window();

    /** Failures for one e-mail address. */
    @WithDefault("5")
    int perAccount();

    /** Failures from one client address. */
    @WithDefault("50")
    int perAddress();
}

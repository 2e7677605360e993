package dev.minicompete.account;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How many logins may fail within a {@link #window}. */
@ConfigMapping(prefix = "auth.logins")
interface LoginConfig {

    @WithDefault("PT1M")
    Duration window();

    @WithDefault("5")
    int perAccount();

    @WithDefault("50")
    int perAddress();
}

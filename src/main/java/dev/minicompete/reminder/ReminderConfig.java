package dev.minicompete.reminder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When participants are reminded. */
@ConfigMapping(prefix = "reminder")
interface ReminderConfig {

    /** When to look, in Quartz syntax. */
    String cron();

    /** How long before the start. */
    Duration window();

    /** Registrations to look at in one transaction. */
    @WithDefault("1000")
    int chunk();
}

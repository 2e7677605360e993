package dev.minicompete.reminder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When participants are reminded of competitions that start soon. */
@ConfigMapping(prefix = "reminder")
interface ReminderConfig {

    /** When reminders are enqueued, in Quartz syntax and UTC. */
    String cron();

    /** How long before the start of a competition. */
    Duration window();

    /** Maximum number of registrations in a transaction. */
    @WithDefault("1000")
    int chunk();
}

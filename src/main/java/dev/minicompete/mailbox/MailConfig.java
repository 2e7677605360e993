package dev.minicompete.mailbox;

import dev.minicompete.jobs.JobsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How mails are delivered. */
@ConfigMapping(prefix = "mail")
interface MailConfig {

    /** How mails leave the system. */
    Transport transport();

    /** Time limit for sending one mail; less than the time that PostgreSQL lets a transaction be idle. */
    @WithDefault("PT4S")
    Duration timeout();

    /** The sender: an address, or {@code Name <address>}. */
    String from();

    /** When sending is tried again after a temporary fault. */
    JobsConfig.Retry retry();

    /** Ways to deliver a mail. */
    enum Transport {

        /** Mails are stored in the mailbox only. */
        MAILBOX,

        /** Mails are stored in the mailbox and sent by SMTP. */
        SMTP
    }
}

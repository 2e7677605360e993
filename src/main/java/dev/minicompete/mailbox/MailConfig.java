package dev.minicompete.mailbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where mails go. */
@ConfigMapping(prefix = "mail")
interface MailConfig {

    /** Whether mails are sent besides being kept. */
    Transport transport();

    /** How long the mail server may take for one mail; less than PostgreSQL lets the job's transaction stand idle. */
    @WithDefault("PT4S")
    Duration timeout();

    /** What becomes of a mail. */
    enum Transport {

        /** It is kept in this system's mailbox. */
        MAILBOX,

        /** It is sent by a mail server, too. */
        SMTP
    }
}

package dev.minicompete.mailbox;

import dev.minicompete.jobs.JobsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How mails are delivered. */
@ConfigMapping(prefix = "mail")
interface MailConfig {

    /** How mails leave the system. */
    Transport transport();

    /** Time limit for sending one mail. A mail server may take 5 minutes for the greeting alone (RFC 5321, section 4.5.3.2). */
    @WithDefault("PT5M")
    Duration timeout();

    /** The sender: an address, or {@code Name <address>}. */
    String from();

    /** When sending is tried again after a temporary fault. */
    JobsConfig.Retry retry();

    /** The mail server, for the transport {@code smtp}. */
    Smtp smtp();

    /** A mail server and how to log in. */
    interface Smtp {

        String host();

        int port();

        Optional<String> username();

        Optional<String> password();

        /** Whether the connection must be upgraded to TLS. */
        boolean startTls();

        /** Whether the connection uses TLS from the start. */
        boolean tls();
    }

    /** Ways to deliver a mail. */
    enum Transport {

        /** Mails are stored in the mailbox only. */
        MAILBOX,

        /** Mails are stored in the mailbox and sent by SMTP. */
        SMTP
    }
}

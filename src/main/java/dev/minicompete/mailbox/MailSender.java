package dev.minicompete.mailbox;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.mailbox.MailAttachments.Attachment;
import dev.minicompete.platform.http.PublicUrl;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.ext.mail.MailMessage;
import io.vertx.mutiny.ext.mail.MailClient;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Sends stored mails by SMTP. If a process dies after the server accepted a mail and before the commit, the mail is sent
 * again; its Message-ID, made of the job's id, lets the receiver recognise the duplicate.
 */
@Singleton
class MailSender implements JobHandler {

    static final String KIND = "mail:send";

    private static final Logger LOG = Logger.getLogger(MailSender.class);

    private static final String FIND = """
            SELECT m.id, m.kind, m.subject, m.body, m.competition_id, u.email
            FROM mailbox m JOIN users u ON u.id = m.user_id
            WHERE m.id = $1
            """;

    private final MailConfig config;
    private final MailAttachments attachments;
    private final Instance<MailClient> client;
    private final SmtpMessages messages;

    /**
     * The event loop of all connections of the client. It would lose the greeting of a server that is quicker than the way of the new
     * connection to another thread, and with the greeting one of the connections of its pool.
     */
    private final Context eventLoop;

    /** Looks up the client only when there is a mail to send. */
    MailSender(
            MailConfig config,
            MailAttachments attachments,
            Instance<MailClient> client,
            PublicUrl publicUrl,
            Vertx vertx) {
        this.config = config;
        this.attachments = attachments;
        this.client = client;
        this.messages = new SmtpMessages(config.from(), publicUrl.mailDomain());
        this.eventLoop = ((VertxInternal) vertx).createEventLoopContext();
    }

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    /** A sent mail cannot be undone when another mail of the same transaction fails. */
    @Override
    public boolean requiresOwnTransaction() {
        return true;
    }

    /** A mail server may be away for hours (RFC 5321, section 4.5.4.1), while other jobs need only what answers within seconds. */
    @Override
    public Optional<JobsConfig.Retry> retry() {
        return Optional.of(config.retry());
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        var job = jobs.get(0);
        if (config.transport() == MailConfig.Transport.MAILBOX) {
            LOG.infof("Mail %s is not sent: SMTP is no longer configured", job.id());
            return Uni.createFrom().item(List.of());
        }
        return transaction
                .preparedQuery(FIND)
                .execute(Tuple.of(job.id()))
                // No row: the mail was purged in the meantime.
                .flatMap(rows -> rows.size() == 0
                        ? Uni.createFrom().voidItem()
                        : send(transaction, rows.iterator().next()))
                .replaceWith(List.of());
    }

    private Uni<Void> send(SqlConnection transaction, Row row) {
        return attachments
                .find(transaction, MailKind.of(row.getString("kind")), row.getUUID("competition_id"))
                .map(attachment -> message(row, attachment))
                .flatMap(this::send);
    }

    private Uni<Void> send(MailMessage message) {
        return client.get()
                .sendMail(message)
                .runSubscriptionOn(MutinyHelper.executor(eventLoop))
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .onFailure()
                .transform(SmtpFailures::explain)
                .emitOn(MutinyHelper.executor(Vertx.currentContext()))
                .replaceWithVoid();
    }

    private MailMessage message(Row row, Optional<Attachment> attachment) {
        return messages.create(
                row.getUUID("id"),
                row.getString("email"),
                row.getString("subject"),
                row.getString("body"),
                attachment.orElse(null));
    }
}

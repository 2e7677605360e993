package dev.minicompete.mailbox;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.mailbox.MailAttachments.Attachment;
import dev.minicompete.platform.http.PublicUrl;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailMessage;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Sends stored mails by SMTP. If a process dies, or loses PostgreSQL for longer than its claim, after the server accepted a mail and
 * before the commit, the mail is sent again; its Message-ID, made of the job's id, lets the receiver recognise the duplicate.
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
    private final SmtpClient client;
    private final SmtpMessages messages;
    private final Pool pool;

    MailSender(MailConfig config, MailAttachments attachments, SmtpClient client, PublicUrl publicUrl, Pool pool) {
        this.config = config;
        this.attachments = attachments;
        this.client = client;
        this.messages = new SmtpMessages(config.from(), publicUrl.mailDomain());
        this.pool = pool;
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
    public Duration performLimit() {
        return config.timeout();
    }

    @Override
    public Uni<Void> perform(Job job) {
        if (config.transport() == MailConfig.Transport.MAILBOX) {
            LOG.infof("Mail %s is not sent: SMTP is no longer configured", job.id());
            return Uni.createFrom().voidItem();
        }
        return pool.withConnection(connection -> find(connection, job.id()))
                // Empty: the mail was purged in the meantime.
                .flatMap(mail -> mail.isEmpty() ? Uni.createFrom().voidItem() : send(mail.get()));
    }

    /** Nothing is left to do. */
    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        return Uni.createFrom().item(List.of());
    }

    private Uni<Optional<MailMessage>> find(SqlConnection connection, UUID id) {
        return connection.preparedQuery(FIND).execute(Tuple.of(id)).flatMap(rows -> {
            if (rows.size() == 0) {
                return Uni.createFrom().item(Optional.<MailMessage>empty());
            }
            var row = rows.iterator().next();
            return attachments
                    .find(connection, MailKind.of(row.getString("kind")), row.getUUID("competition_id"))
                    .map(attachment -> Optional.of(message(row, attachment)));
        });
    }

    private Uni<Void> send(MailMessage message) {
        return client.send(message)
                .onFailure()
                .transform(SmtpFailures::explain)
                .emitOn(MutinyHelper.executor(Vertx.currentContext()));
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

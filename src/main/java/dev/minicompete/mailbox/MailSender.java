package dev.minicompete.mailbox;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.mailbox.MailAttachments.Attachment;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
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
    private final Instance<ReactiveMailer> mailer;

    /** Looks up the mailer only when there is a mail to send. */
    MailSender(MailConfig config, MailAttachments attachments, Instance<ReactiveMailer> mailer) {
        this.config = config;
        this.attachments = attachments;
        this.mailer = mailer;
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
                .flatMap(attachment -> mailer.get().send(mail(row, attachment)))
                .ifNoItem()
                .after(config.timeout())
                .fail();
    }

    private static Mail mail(Row row, Optional<Attachment> attachment) {
        var mail = Mail.withText(row.getString("email"), row.getString("subject"), row.getString("body"))
                .addHeader("Message-ID", "<" + row.getUUID("id") + "@mini-compete>");
        attachment.ifPresent(file ->
                mail.addAttachment(file.name(), file.text().getBytes(StandardCharsets.UTF_8), file.contentType()));
        return mail;
    }
}

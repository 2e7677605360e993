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
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Sends what was delivered to the mailbox by SMTP, too. A process that dies between the server's answer and the commit sends
 * again; the Message-ID, made of the job's id, tells the receiver that it is the same mail.
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

    /** The mailer is not looked up before there is something to send. */
    MailSender(MailConfig config, MailAttachments attachments, Instance<ReactiveMailer> mailer) {
        this.config = config;
        this.attachments = attachments;
        this.mailer = mailer;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** A mail that is out cannot be called back when its neighbour's address fails. */
    @Override
    public boolean requiresOwnTransaction() {
        return true;
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        var job = jobs.get(0);
        if (config.transport() == MailConfig.Transport.MAILBOX) {
            LOG.infof("Mail %s stays in the mailbox: sending was switched off in the meantime", job.id());
            return Uni.createFrom().item(List.of());
        }
        return transaction
                .preparedQuery(FIND)
                .execute(Tuple.of(job.id()))
                // A mail that was purged in the meantime need not be sent.
                .flatMap(rows -> rows.size() == 0
                        ? Uni.createFrom().voidItem()
                        : send(transaction, rows.iterator().next()))
                .replaceWith(List.of());
    }

    private Uni<Void> send(SqlConnection transaction, Row row) {
        return attachments
                .find(transaction, row.getString("kind"), row.getUUID("competition_id"))
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

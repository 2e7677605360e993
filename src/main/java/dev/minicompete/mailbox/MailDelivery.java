package dev.minicompete.mailbox;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.OutboxTraceParents;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Stores mails in the mailboxes of this system and, where SMTP is configured, adds the jobs that send them. */
@ApplicationScoped
public class MailDelivery {

    private static final String DELIVER = """
            INSERT INTO mailbox (id, user_id, kind, subject, body, competition_id, registration_id, created_at)
            SELECT m.*, clock_timestamp()
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[]) AS m
            ON CONFLICT (id) DO NOTHING
            """;

    /** The sending job reuses the id of the delivering job, whose row is deleted in the same transaction. */
    private static final String DELIVER_AND_SEND = "WITH delivered AS (" + DELIVER + """
            RETURNING id, competition_id, registration_id, user_id)
            INSERT INTO outbox (id, kind, competition_id, registration_id, user_id, created_at, run_at)
            SELECT id, $8, competition_id, registration_id, user_id, clock_timestamp(), clock_timestamp() FROM delivered
            RETURNING id
            """;

    private final MailConfig config;

    /**
     * A mail to deliver.
     *
     * @param job the job that delivers it; it names the recipient, and its id becomes the mail's id
     * @param subject one line
     */
    public record Mail(Job job, MailKind kind, String subject, String body) {}

    MailDelivery(MailConfig config) {
        this.config = config;
    }

    /**
     * Stores mails in the transaction that also deletes their jobs. A mail with the same id that exists already is kept.
     *
     * @return the ids of the jobs that send the mails by SMTP; empty where SMTP is not configured
     */
    public Uni<List<UUID>> deliver(SqlConnection transaction, List<Mail> mails) {
        if (mails.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var parameters = Tuple.tuple()
                .addValue(ids(mails, Job::id))
                .addValue(ids(mails, Job::userId))
                .addValue(texts(mails, mail -> mail.kind().text()))
                .addValue(texts(mails, Mail::subject))
                .addValue(texts(mails, Mail::body))
                .addValue(ids(mails, Job::competitionId))
                .addValue(ids(mails, Job::registrationId));
        if (config.transport() == MailConfig.Transport.MAILBOX) {
            return transaction.preparedQuery(DELIVER).execute(parameters).replaceWith(List.of());
        }
        return transaction
                .preparedQuery(DELIVER_AND_SEND)
                .execute(parameters.addValue(MailSender.KIND))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")))
                .call(added -> Uni.createFrom()
                        .completionStage(() -> OutboxTraceParents.note(transaction.getDelegate(), traceParents(mails))
                                .toCompletionStage()));
    }

    /** The sending jobs continue the traces of the delivering jobs, whose ids they have. */
    private static Map<UUID, String> traceParents(List<Mail> mails) {
        return mails.stream()
                .map(Mail::job)
                .filter(job -> job.traceParent() != null)
                .collect(Collectors.toMap(Job::id, Job::traceParent));
    }

    private static UUID[] ids(List<Mail> mails, Function<Job, UUID> id) {
        return mails.stream().map(Mail::job).map(id).toArray(UUID[]::new);
    }

    private static String[] texts(List<Mail> mails, Function<Mail, String> text) {
        return mails.stream().map(text).toArray(String[]::new);
    }
}

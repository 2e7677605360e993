package dev.minicompete.mailbox;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobTraces;
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

/** Delivers mails to the mailboxes of this system. */
@ApplicationScoped
public class Mailbox {

    private static final String DELIVER = """
            INSERT INTO mailbox (id, user_id, kind, subject, body, competition_id, registration_id, created_at)
            SELECT m.*, clock_timestamp()
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[]) AS m
            ON CONFLICT (id) DO NOTHING
            """;

    /** Each mail's job goes on as the one that sends it, under the same id: its row is deleted in this transaction. */
    private static final String DELIVER_AND_SEND = "WITH delivered AS (" + DELIVER + """
            RETURNING id, competition_id, registration_id, user_id)
            INSERT INTO outbox (id, kind, competition_id, registration_id, user_id, created_at, run_at)
            SELECT id, $8, competition_id, registration_id, user_id, clock_timestamp(), clock_timestamp() FROM delivered
            RETURNING id
            """;

    private final MailConfig config;

    Mailbox(MailConfig config) {
        this.config = config;
    }

    /**
     * Delivers these within the transaction that also ends their jobs; what was delivered before is left alone.
     *
     * @return the ids of the jobs that send them further, if that is wished
     */
    public Uni<List<UUID>> deliver(SqlConnection transaction, List<OutgoingMail> mails) {
        if (mails.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var parameters = Tuple.tuple()
                .addValue(ids(mails, Job::id))
                .addValue(ids(mails, Job::userId))
                .addValue(texts(mails, OutgoingMail::kind))
                .addValue(texts(mails, OutgoingMail::subject))
                .addValue(texts(mails, OutgoingMail::body))
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
                        .completionStage(() -> JobTraces.note(transaction.getDelegate(), traceParents(mails))
                                .toCompletionStage()));
    }

    /** The jobs that send go on with the traces of those that delivered, whose ids they have. */
    private static Map<UUID, String> traceParents(List<OutgoingMail> mails) {
        return mails.stream()
                .map(OutgoingMail::job)
                .filter(job -> job.traceParent() != null)
                .collect(Collectors.toMap(Job::id, Job::traceParent));
    }

    private static UUID[] ids(List<OutgoingMail> mails, Function<Job, UUID> id) {
        return mails.stream().map(OutgoingMail::job).map(id).toArray(UUID[]::new);
    }

    private static String[] texts(List<OutgoingMail> mails, Function<OutgoingMail, String> text) {
        return mails.stream().map(text).toArray(String[]::new);
    }
}

package dev.minicompete.reminder;

import dev.minicompete.jobs.Job;
import dev.minicompete.mailbox.MailKind;
import dev.minicompete.mailbox.Mailbox;
import dev.minicompete.platform.postgres.Rows;
import dev.minicompete.registration.MailContext;
import dev.minicompete.registration.RegistrationMailHandler;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reminds participants of what starts soon. */
@Singleton
class ReminderHandler extends RegistrationMailHandler {

    static final String KIND = "reminder:notify";

    /** With its mark goes what was to remind of a start that moved: should the start come back, so does the reminder. */
    private static final String DROP_STALE = """
            DELETE FROM reminders k USING registrations r, competitions c
            WHERE k.registration_id = ANY ($1) AND k.job_id = ANY ($2)
                AND r.id = k.registration_id AND c.id = r.competition_id AND c.starts_at <> k.starts_at
            RETURNING k.job_id
            """;

    ReminderHandler(Mailbox mailbox) {
        super(mailbox, KIND, MailKind.REMINDER, Templates::reminder);
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        return transaction
                .preparedQuery(DROP_STALE)
                .execute(Tuple.of(ids(jobs, Job::registrationId), ids(jobs, Job::id)))
                .map(rows -> Rows.stream(rows).map(row -> row.getUUID("job_id")).collect(Collectors.toSet()))
                .map(stale ->
                        jobs.stream().filter(job -> !stale.contains(job.id())).toList())
                .flatMap(current -> super.handle(transaction, current));
    }

    private static UUID[] ids(List<Job> jobs, Function<Job, UUID> id) {
        return jobs.stream().map(id).toArray(UUID[]::new);
    }

    /** Who cancelled in the meantime wants to hear no more of it. */
    @Override
    protected boolean isDue(MailContext facts) {
        return facts.taking();
    }

    @CheckedTemplate(basePath = "mail")
    static class Templates {
        static native TemplateInstance reminder(MailContext facts);
    }
}

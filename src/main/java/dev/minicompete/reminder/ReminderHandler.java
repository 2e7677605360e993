package dev.minicompete.reminder;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.mailbox.MailKind;
import dev.minicompete.platform.postgres.Rows;
import dev.minicompete.registration.RegistrationMailHandler;
import dev.minicompete.registration.RegistrationMailText;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sends the mails that remind participants of the start of a competition. */
@Singleton
class ReminderHandler implements JobHandler {

    static final String KIND = "reminder:notify";

    private static final RegistrationMailText MAIL = new RegistrationMailText(
            MailKind.REMINDER,
            "Starting soon",
            "%1$s starts soon, and your seat is reserved.",
            "If you cannot come, please cancel your registration, so that somebody else gets the seat.");

    /** Deletes the marks of outdated reminders, so that the participant is reminded again if the start is moved back. */
    private static final String DELETE_OUTDATED = """
            DELETE FROM reminders k USING registrations r, competitions c
            WHERE k.registration_id = ANY ($1) AND k.job_id = ANY ($2)
                AND r.id = k.registration_id AND c.id = r.competition_id AND c.starts_at <> k.starts_at
            RETURNING k.job_id
            """;

    private final RegistrationMailHandler mails;

    ReminderHandler(RegistrationMailHandler mails) {
        this.mails = mails;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    /** Skips reminders of a start that has moved since, and participants who no longer attend. */
    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        return transaction
                .preparedQuery(DELETE_OUTDATED)
                .execute(Tuple.of(ids(jobs, Job::registrationId), ids(jobs, Job::id)))
                .map(rows -> Rows.stream(rows).map(row -> row.getUUID("job_id")).collect(Collectors.toSet()))
                .map(outdated -> jobs.stream()
                        .filter(job -> !outdated.contains(job.id()))
                        .toList())
                .flatMap(current -> mails.deliverToAttending(transaction, current, MAIL));
    }

    private static UUID[] ids(List<Job> jobs, Function<Job, UUID> id) {
        return jobs.stream().map(id).toArray(UUID[]::new);
    }
}

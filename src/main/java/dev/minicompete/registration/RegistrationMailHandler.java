package dev.minicompete.registration;

import static java.util.Objects.requireNonNull;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.mailbox.MailDelivery;
import dev.minicompete.mailbox.MailKind;
import dev.minicompete.platform.http.PublicUrl;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The mails about registrations, by the kind of job that sends each. A new mail is a new entry of the table. */
@Singleton
public class RegistrationMailHandler implements JobHandler {

    static final String CONFIRMATION = "registration:confirmation";
    static final String WAITLISTED = "registration:waitlisted";
    static final String PROMOTED = "registration:promoted";
    static final String CANCELLATION = "registration:cancellation";

    private static final Map<String, RegistrationMailText> MAILS = Map.of(
            CONFIRMATION,
            new RegistrationMailText(
                    MailKind.CONFIRMATION,
                    "You are in",
                    "Your seat for %1$s is confirmed.",
                    "We will remind you before it starts. If you cannot come, please cancel your registration, so that"
                            + " somebody else gets the seat."),
            WAITLISTED,
            new RegistrationMailText(
                    MailKind.WAITLISTED,
                    "You are on the waitlist",
                    "All seats of %1$s are taken. You have place %2$d on the waitlist.",
                    "If you get a seat, we will tell you. You do not have to do anything. If you no longer want one, please"
                            + " cancel your registration."),
            PROMOTED,
            new RegistrationMailText(
                    MailKind.PROMOTED,
                    "You got a seat",
                    "Good news: a seat of %1$s became free, and it is yours.",
                    "We will remind you before it starts. If you cannot come, please cancel your registration, so that the"
                            + " next in line gets the seat."),
            CANCELLATION,
            new RegistrationMailText(
                    MailKind.CANCELLATION,
                    "Registration cancelled",
                    "You have cancelled your registration for %1$s.",
                    "If you change your mind, you can register again as long as registration is open."),
            "competition:cancelled",
            new RegistrationMailText(
                    MailKind.COMPETITION_CANCELLED,
                    "Cancelled",
                    "We are sorry: the organizer has cancelled %1$s. It will not take place.",
                    "You do not have to do anything. Other competitions may interest you."));

    /** With its LIMITs each registration is looked up by its id, however small the tables were when the plan was made. */
    static final String FIND = """
            SELECT r.id, u.name, c.id AS competition_id, c.title, c.location, c.starts_at, r.first_position,
                r.status = 'confirmed' AND c.cancelled_at IS NULL AS attending
            FROM unnest($1::uuid[]) AS job (registration_id)
            CROSS JOIN LATERAL (SELECT * FROM registrations WHERE id = job.registration_id LIMIT 1) r
            CROSS JOIN LATERAL (SELECT * FROM users WHERE id = r.participant_id LIMIT 1) u
            CROSS JOIN LATERAL (SELECT * FROM competitions WHERE id = r.competition_id LIMIT 1) c
            """;

    private final MailDelivery mailbox;
    private final PublicUrl publicUrl;

    RegistrationMailHandler(MailDelivery mailbox, PublicUrl publicUrl) {
        this.mailbox = mailbox;
        this.publicUrl = publicUrl;
    }

    @Override
    public Set<String> kinds() {
        return MAILS.keySet();
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        // The kinds of this handler are the keys of the table.
        return deliver(transaction, jobs, requireNonNull(MAILS.get(jobs.get(0).kind())), row -> true);
    }

    /**
     * Delivers this mail for those of the jobs whose participant attends: the registration is confirmed and the competition
     * is not cancelled.
     *
     * @return the ids of jobs that it added to the outbox
     */
    public Uni<List<UUID>> deliverToAttending(SqlConnection transaction, List<Job> jobs, RegistrationMailText mail) {
        return deliver(transaction, jobs, mail, row -> row.getBoolean("attending"));
    }

    /** Skips jobs whose registration was purged in the meantime. */
    private Uni<List<UUID>> deliver(
            SqlConnection transaction, List<Job> jobs, RegistrationMailText mail, Predicate<Row> condition) {
        var ids = jobs.stream().map(Job::registrationId).toArray(UUID[]::new);
        return transaction
                .preparedQuery(FIND)
                .execute(Tuple.of((Object) ids))
                .map(rows -> Rows.stream(rows)
                        .filter(condition)
                        .collect(Collectors.toMap(row -> row.getUUID("id"), Function.identity())))
                .flatMap(byId -> mailbox.deliver(
                        transaction,
                        jobs.stream()
                                .flatMap(job -> Stream.ofNullable(byId.get(job.registrationId()))
                                        .map(row -> mail.write(job, row, publicUrl)))
                                .toList()));
    }
}

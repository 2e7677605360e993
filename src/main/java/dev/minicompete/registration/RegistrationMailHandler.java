package dev.minicompete.registration;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.mailbox.Mailbox;
import dev.minicompete.mailbox.OutgoingMail;
import dev.minicompete.platform.postgres.Rows;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Does jobs whose work is one mail to a registration's participant, many at a time. */
public abstract class RegistrationMailHandler implements JobHandler {

    /** Each LIMIT keeps this a lookup for each job, however small the tables were when the plan was made. */
    private static final String FACTS = """
            SELECT r.id, u.name, c.title, c.location, c.starts_at, r.first_position,
                r.status = 'confirmed' AND c.cancelled_at IS NULL AS taking
            FROM unnest($1::uuid[]) AS job (registration_id)
            CROSS JOIN LATERAL (SELECT * FROM registrations WHERE id = job.registration_id LIMIT 1) r
            CROSS JOIN LATERAL (SELECT * FROM users WHERE id = r.participant_id LIMIT 1) u
            CROSS JOIN LATERAL (SELECT * FROM competitions WHERE id = r.competition_id LIMIT 1) c
            """;

    private final Mailbox mailbox;
    private final String kind;
    private final String mailKind;
    private final Function<MailContext, TemplateInstance> template;

    /** A handler of one kind of job, which sends one kind of mail, written by a template. */
    protected RegistrationMailHandler(
            Mailbox mailbox, String kind, String mailKind, Function<MailContext, TemplateInstance> template) {
        this.mailbox = mailbox;
        this.kind = kind;
        this.mailKind = mailKind;
        this.template = template;
    }

    @Override
    public String kind() {
        return kind;
    }

    /** Whether the mail still makes sense, now that it is to be sent. */
    protected boolean isDue(MailContext facts) {
        return true;
    }

    /** A registration that was purged in the meantime needs no mail any more. */
    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        var registrations = jobs.stream().map(Job::registrationId).toArray(UUID[]::new);
        return transaction
                .preparedQuery(FACTS)
                .execute(Tuple.of((Object) registrations))
                .map(RegistrationMailHandler::facts)
                .flatMap(facts -> mailbox.deliver(
                        transaction,
                        jobs.stream()
                                .filter(job -> facts.containsKey(job.registrationId()))
                                .filter(job -> isDue(facts.get(job.registrationId())))
                                .map(job -> OutgoingMail.of(
                                        job,
                                        mailKind,
                                        template.apply(facts.get(job.registrationId()))
                                                .render()))
                                .toList()));
    }

    private static Map<UUID, MailContext> facts(RowSet<Row> rows) {
        return Rows.stream(rows).collect(Collectors.toMap(row -> row.getUUID("id"), MailContext::of));
    }
}

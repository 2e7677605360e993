package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A newer version adds columns while this one works on, with the statements that it has prepared. */
class GrowingSchemaIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static final List<String> TABLES =
            List.of("users", "competitions", "registrations", "mailbox", "failed_jobs", "outbox", "reminders");

    @Test
    void statementsOutliveANewColumn() {
        // One connection, so that each statement is prepared on the one that it comes to again.
        var environment = new HashMap<>(Cluster.SHORT_LIMITS);
        environment.putAll(Map.of("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", "1"));
        var api = cluster.start(environment).api();
        var organizer = cluster.tokens().organizer(cluster.database().createOrganizer());
        var participant = cluster.tokens().participant(cluster.database().createParticipant());
        var competition =
                Http.post(api.resolve("/api/competitions"), organizer, """
                {"title":"Growing","capacity":100,"tags":["new"],
                "regDeadline":"2999-01-01T00:00:00Z","startsAt":"2999-02-01T00:00:00Z"}""").id();
        var registration = Http.register(api, competition, participant, "first").id();
        cluster.awaitEmptyQueue();
        var mail = cluster.database().text("SELECT id FROM mailbox");
        List<Supplier<Reply>> requests = List.of(
                () -> Http.get(api.resolve("/api/competitions")),
                () -> Http.get(api.resolve("/api/competitions?q=growing&tag=new&status=open")),
                () -> Http.get(api.resolve("/api/competitions/" + competition)),
                () -> Http.get(api.resolve("/api/competitions/" + competition + "/calendar.ics")),
                () -> Http.get(api.resolve("/api/competitions/" + competition + "/registrations"), organizer),
                () -> Http.get(api.resolve("/api/registrations"), participant),
                () -> Http.get(api.resolve("/api/registrations/" + registration), participant),
                () -> Http.get(api.resolve("/api/mailbox"), participant),
                () -> Http.get(api.resolve("/api/mailbox?kind=confirmation"), participant),
                () -> Http.get(api.resolve("/api/mailbox/" + mail), participant),
                () -> Http.get(api.resolve("/api/failed-jobs"), organizer),
                () -> Http.get(api.resolve("/api/auth/me"), participant),
                () -> Http.register(api, competition, newcomer(cluster), "another"),
                () -> Http.post(api.resolve("/api/auth/login"), """
                        {"email":"nobody@example.com","password":"wrong123"}"""));
        var before = requests.stream().map(request -> request.get().status()).toList();
        assertThat(before).doesNotContain(500, 503);
        cluster.awaitEmptyQueue();

        TABLES.forEach(table -> cluster.database().execute("ALTER TABLE " + table + " ADD of_a_newer_version text"));

        assertThat(requests.stream().map(request -> request.get().status())).isEqualTo(before);
        cluster.assertDrainedAndSound(competition);
    }

    private static String newcomer(Cluster cluster) {
        return cluster.tokens().participant(cluster.database().createParticipant());
    }
}

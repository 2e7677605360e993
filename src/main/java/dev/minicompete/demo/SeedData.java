package dev.minicompete.demo;

import dev.minicompete.account.AccountService;
import dev.minicompete.account.SignupRequest;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.platform.security.Role;
import dev.minicompete.registration.RegisterCommand;
import dev.minicompete.registration.RegistrationService;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Creates demo data at the start: two organizers, five competitions and five participants, once. */
@ApplicationScoped
class SeedData {

    private static final Logger LOG = Logger.getLogger(SeedData.class);

    private static final String PASSWORD = "password123";
    private static final IdempotencyKey KEY = new IdempotencyKey("seed");

    private static final String FIND_SEEDED = """
            SELECT FROM competitions c JOIN users u ON u.id = c.organizer_id
            WHERE u.email = 'organizer1@example.com' LIMIT 1
            """;

    /**
     * By SQL, since the service rejects a deadline in the past. A second process that starts at the same time waits for the
     * lock, and then inserts nothing.
     */
    static final String INSERT_COMPETITIONS = """
            SELECT pg_advisory_xact_lock(hashtext('seed data'));
            INSERT INTO competitions (id, organizer_id, title, description, location, tags, capacity, waitlist,
                reg_deadline, starts_at, ends_at)
            SELECT uuid_v7(), u.id, v.title, v.description, v.location, v.tags, v.capacity, v.waitlist,
                now() + v.deadline, now() + v.start, now() + v.start + v.duration
            FROM (VALUES
                (1, 'SQL Cup', 'Ten queries, one hour. Nearly full: be quick.', 'Online',
                    '{databases,online}'::varchar[], 5, true,
                    interval '10 days', interval '12 days', interval '1 hour'),
                (1, 'Robot Race', 'Build it, race it. Registration closes soon.', 'Berlin, Hall 3',
                    '{robotics}', 20, false, '2 hours', '3 days', '6 hours'),
                (2, 'Chess Open', 'Nine rounds, Swiss system. Registration is closed.', 'Vienna, Town Hall',
                    '{chess}', 64, false, '-1 day', '2 days', '8 hours'),
                (1, 'Weekend Hackathon', '24 hours of coding; starts within a day.', 'Lisbon, The Factory',
                    '{coding,weekend}', 50, false, '6 hours', '20 hours', '24 hours'),
                (2, 'Winter Algorithm Marathon', 'A long way off; seats for everybody.', NULL,
                    '{coding,algorithms}', 1000, true, '120 days', '150 days', '2 days')
                ) AS v (organizer, title, description, location, tags, capacity, waitlist, deadline, start, duration)
            JOIN users u ON u.email = 'organizer' || v.organizer || '@example.com'
            WHERE NOT EXISTS (SELECT FROM competitions c WHERE c.organizer_id = u.id AND c.title = v.title)
            """;

    /** Four participants for the first competition, two for the other. */
    private static final String FIND_REGISTRATIONS = """
            SELECT c.id AS competition_id, p.id AS participant_id
            FROM (VALUES ('SQL Cup', 4), ('Weekend Hackathon', 2)) AS v (title, participants)
            JOIN competitions c ON c.title = v.title
            JOIN users o ON o.id = c.organizer_id AND o.email LIKE 'organizer_@example.com'
            CROSS JOIN generate_series(1, v.participants) AS number
            JOIN users p ON p.email = 'participant' || number || '@example.com'
            ORDER BY v.title, number
            """;

    private final SeedConfig config;
    private final AccountService accounts;
    private final RegistrationService registrations;
    private final Pool pool;

    SeedData(SeedConfig config, AccountService accounts, RegistrationService registrations, Pool pool) {
        this.config = config;
        this.accounts = accounts;
        this.registrations = registrations;
        this.pool = pool;
    }

    void seed(@Observes StartupEvent started) throws Throwable {
        if (config.data()) {
            VertxContextSupport.subscribeAndAwait(this::seed);
        }
    }

    private Uni<Void> seed() {
        return pool.query(FIND_SEEDED)
                .execute()
                .flatMap(seeded -> seeded.size() > 0 ? Uni.createFrom().voidItem() : seedAll());
    }

    private Uni<Void> seedAll() {
        var organizers = IntStream.rangeClosed(1, 2).mapToObj(number -> request(Role.ORGANIZER, "Organizer", number));
        var participants =
                IntStream.rangeClosed(1, 5).mapToObj(number -> request(Role.PARTICIPANT, "Participant", number));
        return Multi.createFrom()
                .items(Stream.concat(organizers, participants))
                .call(this::signUp)
                .collect()
                .last()
                .chain(() -> pool.query(INSERT_COMPETITIONS).execute())
                .chain(() -> pool.query(FIND_REGISTRATIONS).execute())
                .onItem()
                .transformToMulti(rows -> Multi.createFrom().iterable(rows))
                .call(this::register)
                .collect()
                .last()
                .invoke(() -> LOG.infof(
                        "Demo data is there: log in as organizer1@example.com or participant1@example.com with %s",
                        PASSWORD))
                .replaceWithVoid();
    }

    private static SignupRequest request(Role role, String name, int number) {
        return new SignupRequest(
                name + " " + number, "%s%d@example.com".formatted(role, number), PASSWORD, role.toString());
    }

    /** Another process that starts at the same time may be faster; then the account is there all the same. */
    private Uni<?> signUp(SignupRequest request) {
        return accounts.signUp(request).onFailure().recoverWithNull();
    }

    private Uni<?> register(Row row) {
        return registrations.register(
                new RegisterCommand(row.getUUID("competition_id"), row.getUUID("participant_id"), KEY, null));
    }
}

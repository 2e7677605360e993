package dev.minicompete.demo;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;

/** The SQL of the demo data, for what the services do not offer. */
@ApplicationScoped
class SeedRepository {

    private static final String IS_SEEDED = """
            SELECT EXISTS (
                SELECT FROM competitions c JOIN users u ON u.id = c.organizer_id
                WHERE u.email = 'organizer1@example.com') AS seeded
            """;

    /** By SQL, since the service rejects a deadline in the past. The lock keeps a second process from doing the same. */
    private static final String INSERT_COMPETITIONS = """
            WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('seed data')))
            INSERT INTO competitions (id, organizer_id, title, description, location, tags, capacity, waitlist,
                reg_deadline, starts_at, ends_at)
            SELECT uuid_v7(), u.id, v.title, v.description, v.location, v.tags, v.capacity, v.waitlist,
                now() + v.deadline, now() + v.start, now() + v.start + v.duration
            FROM alone, (VALUES
                (1, 'SQL Cup', 'Ten queries, one hour. Nearly full: be quick.', 'Online',
                    '{databases,online}'::varchar[], 5, true,
                    interval '10 days', interval '12 days', interval '1 hour'),
                (1, 'Robot Race', 'Build it, race it. Registration closes soon.', 'Berlin, Hall 3',
                    '{robotics}'::varchar[], 20, false,
                    interval '2 hours', interval '3 days', interval '6 hours'),
                (2, 'Chess Open', 'Nine rounds, Swiss system. Registration is closed.', 'Vienna, Town Hall',
                    '{chess}'::varchar[], 64, false,
                    interval '-1 day', interval '2 days', interval '8 hours'),
                (1, 'Weekend Hackathon', '24 hours of coding; starts within a day.', 'Lisbon, The Factory',
                    '{coding,weekend}'::varchar[], 50, false,
                    interval '6 hours', interval '20 hours', interval '24 hours'),
                (2, 'Winter Algorithm Marathon', 'A long way off; seats for everybody.', NULL,
                    '{coding,algorithms}'::varchar[], 1000, true,
                    interval '120 days', interval '150 days', interval '2 days')
                ) AS v (organizer, title, description, location, tags, capacity, waitlist, deadline, start, duration)
            JOIN users u ON u.email = 'organizer' || v.organizer || '@example.com'
            WHERE NOT EXISTS (SELECT FROM competitions c WHERE c.organizer_id = u.id AND c.title = v.title)
            """;

    private static final String REGISTRATIONS = """
            SELECT c.id AS competition_id, p.id AS participant_id
            FROM competitions c
            JOIN users o ON o.id = c.organizer_id AND o.email LIKE 'organizer_@example.com'
            CROSS JOIN users p
            WHERE c.title = $1 AND p.email IN (
                SELECT 'participant' || n || '@example.com' FROM generate_series(1, $2::int) n)
            ORDER BY p.email
            """;

    private final Pool pool;

    SeedRepository(Pool pool) {
        this.pool = pool;
    }

    Uni<Boolean> isSeeded() {
        return pool.query(IS_SEEDED)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean("seeded"));
    }

    Uni<Void> insertCompetitions() {
        return pool.query(INSERT_COMPETITIONS).execute().replaceWithVoid();
    }

    /** The competition of this title with each of the first so many participants. */
    Multi<Tuple> wishes(String title, int participants) {
        return pool.preparedQuery(REGISTRATIONS)
                .execute(Tuple.of(title, participants))
                .onItem()
                .transformToMulti(rows -> Multi.createFrom().iterable(rows))
                .map(row -> Tuple.of(row.getUUID("competition_id"), row.getUUID("participant_id")));
    }
}

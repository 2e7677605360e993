package dev.minicompete.security;

import dev.minicompete.security.ApiDocument.Operation;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.RawRequest;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A competition of {@link Actor#ORGANIZER}, in which {@link Actor#PARTICIPANT} has a registration and of it a mail and a
 * failed job, and others who have nothing to do with it.
 */
final class Scene {

    /** The caller of an operation. */
    enum Actor {
        ANONYMOUS,
        PARTICIPANT,
        OTHER_PARTICIPANT,
        ORGANIZER,
        OTHER_ORGANIZER
    }

    private static final TestDatabase DATABASE = TestServers.database();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<Actor, TestUser> users = new EnumMap<>(Actor.class);
    private final UUID competition;
    private final UUID registration;
    private final UUID mail;
    private final UUID failedJob = UUID.randomUUID();

    Scene() {
        var participants = TestUser.participants(2);
        users.put(Actor.PARTICIPANT, participants.get(0));
        users.put(Actor.OTHER_PARTICIPANT, participants.get(1));
        users.put(Actor.ORGANIZER, TestUser.organizer());
        users.put(Actor.OTHER_ORGANIZER, TestUser.organizer());
        competition = DATABASE.createCompetition(user(Actor.ORGANIZER).id(), Map.of());
        registration = DATABASE.createConfirmed(
                        competition, List.of(user(Actor.PARTICIPANT).id()))
                .get(0);
        mail = UUID.fromString(DATABASE.text("SELECT id FROM mailbox WHERE registration_id = ?", registration));
        DATABASE.execute(
                """
                INSERT INTO failed_jobs (id, kind, competition_id, registration_id, user_id, attempts, error)
                VALUES (?, 'registration:confirmation', ?, ?, ?, 5, 'e')
                """,
                failedJob,
                competition,
                registration,
                user(Actor.PARTICIPANT).id());
    }

    /** The user, or null for anonymous. */
    TestUser user(Actor actor) {
        return users.get(actor);
    }

    UUID competition() {
        return competition;
    }

    /** The ids that only the persons concerned may see. */
    List<String> secrets() {
        return List.of(registration.toString(), mail.toString(), failedJob.toString());
    }

    /** The path of this operation, with the ids of this scene. */
    String target(Operation operation) {
        return target(operation, id(operation.path).toString());
    }

    /** The same with another id. */
    static String target(Operation operation, String id) {
        return operation.path.replace("{id}", id);
    }

    /** A valid request, but without its body. */
    RawRequest request(Operation operation, Actor actor) {
        return request(operation, actor, target(operation));
    }

    /** The same for another address. */
    RawRequest request(Operation operation, Actor actor, String target) {
        var request = new RawRequest(operation.method, target).as(user(actor));
        var headers = operation.parameters("header");
        return request.header("Idempotency-Key", headers.contains("Idempotency-Key") ? "" + UUID.randomUUID() : null)
                .header("If-Match", headers.contains("If-Match") ? "*" : null);
    }

    /** A valid body, of an account that does not exist yet or that can log in. */
    String body(Operation operation) {
        var body = operation.example();
        if (operation.path.endsWith("/signup")) {
            body.put("email", UUID.randomUUID() + "@example.com");
        }
        if (operation.path.endsWith("/login")) {
            body.put("email", user(Actor.PARTICIPANT).id() + "@example.com");
            body.put("password", TestDatabase.PASSWORD);
            DATABASE.execute("DELETE FROM login_failures");
        }
        return body.toString();
    }

    private UUID id(String path) {
        if (path.startsWith("/api/competitions")) {
            return competition;
        }
        if (path.startsWith("/api/registrations")) {
            return registration;
        }
        return path.startsWith("/api/mailbox") ? mail : failedJob;
    }

    /** A digest of all data that a rejected request must not change, taken once no job is left. */
    static String state() {
        new Oracle(DATABASE).awaitDrained(PATIENCE);
        return DATABASE.text("""
            SELECT concat_ws(' ',
                (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM users t),
                (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM competitions t),
                (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM registrations t),
                (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM mailbox t),
                (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM failed_jobs t))
            """);
    }
}

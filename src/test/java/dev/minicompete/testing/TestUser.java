package dev.minicompete.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;

/** Somebody who is logged in. */
public record TestUser(UUID id, String token) {

    public static TestUser organizer() {
        var id = TestServers.database().createOrganizer();
        return new TestUser(id, TestServers.tokens().organizer(id));
    }

    public static TestUser participant() {
        return participants(1).get(0);
    }

    public static List<TestUser> participants(int count) {
        var tokens = TestServers.tokens();
        return TestServers.database().createParticipants(count).stream()
                .map(id -> new TestUser(id, tokens.participant(id)))
                .toList();
    }

    /** A request with this user's token. */
    public RequestSpecification request() {
        return given().header("Authorization", "Bearer " + token);
    }

    /** Sends JSON with this user's token. */
    public Response post(String path, Object json) {
        return request().contentType(ContentType.JSON).body(json).post(path);
    }

    public Response get(String path, Object... parameters) {
        return request().get(path, parameters);
    }

    /** Registers for a competition without a note. */
    public Response register(UUID competition, String key) {
        return request()
                .noContentType()
                .header("Idempotency-Key", key)
                .post("/api/competitions/{id}/register", competition);
    }
}

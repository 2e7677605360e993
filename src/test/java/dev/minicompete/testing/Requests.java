package dev.minicompete.testing;

import static io.restassured.config.EncoderConfig.encoderConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;

/** What tests of registrations and edits ask for again and again. */
public final class Requests {

    public static final String MERGE_PATCH = "application/merge-patch+json";

    private static final RestAssuredConfig CONFIG = RestAssuredConfig.config()
            .encoderConfig(encoderConfig()
                    .encodeContentTypeAs(MERGE_PATCH, ContentType.TEXT)
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false));

    private Requests() {}

    /** Registers with a new key, which must succeed; returns the registration's id. */
    public static UUID register(TestUser participant, UUID competition) {
        var key = UUID.randomUUID().toString();
        var answer = patiently(() -> participant.register(competition, key));
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return UUID.fromString(json(answer).path("id").asText());
    }

    /** Asks again while the answer is 503, as a well-made client does: a busy machine tells some of a crowd to come again. */
    public static Response patiently(Callable<Response> request) {
        return await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .until(request, answer -> answer.statusCode() != 503);
    }

    /** The answer's JSON. RestAssured's own way compiles a script for each question, which is too slow for many. */
    public static JsonNode json(Response answer) {
        return RawAnswer.of(answer).json();
    }

    /** The answer's value at this JSON pointer in each of the list's items. */
    public static List<String> items(Response answer, String pointer) {
        return StreamSupport.stream(json(answer).path("items").spliterator(), false)
                .map(item -> item.at(pointer).asText())
                .toList();
    }

    /** Cancels a registration. */
    public static Response cancel(TestUser participant, UUID registration) {
        return participant.request().delete("/api/registrations/{id}", registration);
    }

    /** A registration as its participant sees it now. */
    public static Response show(TestUser participant, UUID registration) {
        return participant.get("/api/registrations/{id}", registration);
    }

    /** Edits a competition, whatever its version. */
    public static Response patch(TestUser organizer, UUID competition, String json) {
        return patch(organizer, competition, "*", json);
    }

    /** Edits a competition; no header when the version is null. */
    public static Response patch(TestUser organizer, UUID competition, String ifMatch, String json) {
        var request =
                organizer.request().config(CONFIG).contentType(MERGE_PATCH).body(json);
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        return request.patch("/api/competitions/{id}", competition);
    }

    /** Does all of these, as many at a time as there are threads, and returns what they returned, in their order. */
    public static <T> List<T> concurrently(int threads, List<? extends Callable<T>> tasks) throws Exception {
        var executor = Executors.newFixedThreadPool(threads);
        try {
            var results = new ArrayList<T>();
            for (var future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdown();
        }
    }
}

package dev.minicompete.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/** A plain HTTP client that takes no failure for an exception. */
final class Http {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Http() {}

    static Reply get(URI uri) {
        return send(HttpRequest.newBuilder(uri));
    }

    static Reply get(URI uri, String token) {
        return send(HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token));
    }

    /** Asks for a page as its browser does. */
    static Reply getPage(URI uri, String token) {
        return send(HttpRequest.newBuilder(uri).header("Cookie", "__Host-session=" + token));
    }

    static Reply post(URI uri, String json) {
        return send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    static Reply post(URI uri, String token, String json) {
        return send(HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    /** Edits any version by a merge patch. */
    static Reply patch(URI uri, String token, String json) {
        return send(HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", "*")
                .method("PATCH", BodyPublishers.ofString(json)));
    }

    static Reply delete(URI uri, String token) {
        return send(HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .DELETE());
    }

    /** Asks by any method. */
    static Reply ask(URI uri, String method) {
        return send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()));
    }

    static Reply register(URI api, UUID competition, String token, String key) {
        return send(HttpRequest.newBuilder(api.resolve("/api/competitions/" + competition + "/register"))
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.noBody()));
    }

    private static Reply send(HttpRequest.Builder request) {
        var started = System.nanoTime();
        try {
            var answer = CLIENT.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
            return new Reply(
                    answer.statusCode(),
                    answer.body(),
                    answer.headers().firstValue("Content-Type").orElse("").split(";")[0],
                    answer.headers().firstValue("Idempotent-Replayed").isPresent(),
                    (int) answer.headers().firstValueAsLong("Retry-After").orElse(0),
                    Duration.ofNanos(System.nanoTime() - started));
        } catch (IOException e) {
            return new Reply(0, e.toString(), "", false, 0, Duration.ofNanos(System.nanoTime() - started));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

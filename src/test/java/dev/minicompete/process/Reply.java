package dev.minicompete.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.UUID;

/**
 * An HTTP answer.
 *
 * @param status 0 when none came: the connection was refused or cut
 * @param replayed whether it was marked as given before
 * @param retryAfter in seconds; 0 when the answer says nothing of it
 */
record Reply(int status, String body, String contentType, boolean replayed, int retryAfter, Duration took) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    JsonNode json() {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(body, e);
        }
    }

    UUID id() {
        return UUID.fromString(json().get("id").asText());
    }

    /** The problem's code, or an empty text. */
    String code() {
        return contentType.equals("application/problem+json")
                ? json().path("code").asText()
                : "";
    }

    /** Whether the client has to ask again to learn what became of its request. */
    boolean isUndecided() {
        return status == 0 || status == 503 || code().equals("request-in-progress");
    }
}

package dev.minicompete.platform.http.openapi;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The OpenAPI document is complete enough to write a client from it. */
@QuarkusTest
class OpenApiTest {

    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    private JsonNode document;

    @BeforeEach
    void read() throws Exception {
        document = new ObjectMapper()
                .readTree(given().queryParam("format", "json").get("/q/openapi").asString());
    }

    @Test
    void documentIsOpenApi31() {
        assertThat(document.path("openapi").asText()).startsWith("3.1");
        assertThat(document.at("/info/title").asText()).isNotBlank();
    }

    @Test
    void documentListsEveryCallOfTheContract() {
        assertThat(operations().keySet())
                .contains(
                        "POST /api/auth/signup",
                        "POST /api/auth/login",
                        "GET /api/auth/me",
                        "GET /.well-known/jwks.json",
                        "POST /api/competitions",
                        "GET /api/competitions",
                        "GET /api/competitions/{id}",
                        "PATCH /api/competitions/{id}",
                        "POST /api/competitions/{id}/cancel",
                        "GET /api/competitions/{id}/registrations",
                        "GET /api/competitions/{id}/registrations.csv",
                        "GET /api/competitions/{id}/calendar.ics",
                        "POST /api/competitions/{id}/register",
                        "GET /api/registrations",
                        "GET /api/registrations/{id}",
                        "DELETE /api/registrations/{id}",
                        "GET /api/mailbox",
                        "GET /api/mailbox/{id}",
                        "POST /api/mailbox/{id}/read",
                        "GET /api/failed-jobs",
                        "GET /api/failed-jobs/{id}",
                        "POST /api/failed-jobs/{id}/retry",
                        "POST /api/failed-jobs/retry",
                        "DELETE /api/failed-jobs/{id}");
    }

    @Test
    void everyOperationHasASummaryAndATag() {
        forEach((name, operation) -> {
            assertThat(operation.path("summary").asText()).as(name).isNotBlank();
            assertThat(operation.path("tags")).as(name).isNotEmpty();
        });
    }

    @Test
    void everyRequestBodyHasAnExample() {
        forEach((name, operation) -> operation
                .at("/requestBody/content")
                .forEach(media -> assertThat(media.has("example") || media.has("examples"))
                        .as(name)
                        .isTrue()));
        assertThat(document.at("/paths/~1api~1auth~1signup/post/requestBody/content/application~1json/example")
                        .path("email")
                        .asText())
                .contains("@");
    }

    @Test
    void everyJsonResponseHasAnExample() {
        forEach((name, operation) -> operation
                .path("responses")
                .forEach(response -> response.path("content").properties().forEach(media -> {
                    if (media.getKey().endsWith("json")) {
                        assertThat(media.getValue().has("example")
                                        || media.getValue().has("examples"))
                                .as(name + " " + media.getKey())
                                .isTrue();
                    }
                })));
    }

    @Test
    void everyOperationHasASuccessAndProblems() {
        forEach((name, operation) -> {
            var statuses = new TreeMap<String, JsonNode>();
            operation
                    .path("responses")
                    .properties()
                    .forEach(answer -> statuses.put(answer.getKey(), answer.getValue()));
            assertThat(statuses.keySet()).as(name).anyMatch(status -> status.startsWith("2"));
            assertThat(statuses.tailMap("400"))
                    .as(name)
                    .isNotEmpty()
                    .allSatisfy((status, answer) -> assertThat(answer.at("/content/application~1problem+json/schema"))
                            .as(name + " " + status)
                            .isNotEmpty());
        });
    }

    @Test
    void operationsWithATokenHaveASecurityRequirement() {
        assertThat(operations().get("GET /api/auth/me").path("security")).isNotEmpty();
        assertThat(operations().get("POST /api/competitions").path("security")).isNotEmpty();
        assertThat(operations().get("POST /api/auth/login").path("security")).isEmpty();
        assertThat(document.at("/components/securitySchemes")).isNotEmpty();
    }

    @Test
    void documentShowsNoInternals() {
        assertThat(document.toString()).doesNotContain("x-problems", "dev.minicompete", "Uni", "RestResponse");
    }

    @Test
    void everyReferenceResolves() {
        document.findValues("$ref")
                .forEach(reference -> assertThat(
                                document.at(reference.asText().substring(1)).isMissingNode())
                        .as(reference.asText())
                        .isFalse());
    }

    private void forEach(BiConsumer<String, JsonNode> check) {
        assertThat(operations()).isNotEmpty();
        operations().forEach(check);
    }

    private Map<String, JsonNode> operations() {
        var operations = new TreeMap<String, JsonNode>();
        document.path("paths")
                .properties()
                .forEach(path -> METHODS.forEach(method -> {
                    if (path.getValue().has(method)) {
                        operations.put(
                                method.toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                path.getValue().get(method));
                    }
                }));
        return operations;
    }
}

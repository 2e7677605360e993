package dev.minicompete.security;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The OpenAPI document as a source of tests: the operations, their parameters and bodies. */
final class ApiDocument {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final JsonNode document;

    private ApiDocument(JsonNode document) {
        this.document = document;
    }

    /** The document of the application under test. */
    static ApiDocument read() {
        try {
            return new ApiDocument(new ObjectMapper()
                    .readTree(given().queryParam("format", "json")
                            .get("/q/openapi")
                            .asString()));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** All operations of the API. */
    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .map(member -> new Operation(
                                member.getKey().toUpperCase(Locale.ROOT), path.getKey(), member.getValue()))
                        .forEach(operations::add));
        return operations;
    }

    /** An operation of the API. */
    final class Operation {

        final String method;
        final String path;
        private final JsonNode node;

        private Operation(String method, String path, JsonNode node) {
            this.method = method;
            this.path = path;
            this.node = node;
        }

        /** Such as {@code GET /api/competitions/{id}}. */
        String name() {
            return method + " " + path;
        }

        /** The names of the parameters of this kind: path, query or header. */
        List<String> parameters(String in) {
            return StreamSupport.stream(node.path("parameters").spliterator(), false)
                    .filter(parameter -> parameter.path("in").asText().equals(in))
                    .map(parameter -> parameter.path("name").asText())
                    .toList();
        }

        boolean hasBody() {
            return node.has("requestBody");
        }

        /** Whether a request without a body is refused. */
        boolean needsBody() {
            return hasBody() && !schema().path("required").isEmpty();
        }

        /** The type that a body has to have. */
        String mediaType() {
            return content().getKey();
        }

        /** A body that is taken. */
        ObjectNode example() {
            return content().getValue().path("example").deepCopy();
        }

        /** The schema of the body. */
        JsonNode schema() {
            return resolved(content().getValue().path("schema"));
        }

        private java.util.Map.Entry<String, JsonNode> content() {
            return node.at("/requestBody/content").properties().iterator().next();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** A schema, with a reference followed. */
    JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
    }
}

package dev.minicompete.platform.http.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jspecify.annotations.Nullable;

/** Makes an example of a schema from the examples of its parts. */
final class OpenApiExamples {

    private static final String UUID = "0199a5e2-7c3d-7b4e-9f10-2a6b8c0d1e2f";
    private static final String TIMESTAMP = "2030-11-20T23:59:59Z";

    private final Map<String, Schema> components;

    OpenApiExamples(Map<String, Schema> components) {
        this.components = components;
    }

    @Nullable
    Object of(@Nullable Schema schema) {
        if (schema == null) {
            return null;
        }
        if (schema.getExamples() != null && !schema.getExamples().isEmpty()) {
            return schema.getExamples().get(0);
        }
        if (schema.getRef() != null) {
            return of(components.get(schema.getRef().substring(schema.getRef().lastIndexOf('/') + 1)));
        }
        if (schema.getEnumeration() != null && !schema.getEnumeration().isEmpty()) {
            return schema.getEnumeration().get(0);
        }
        if (schema.getType() != null && schema.getType().contains(SchemaType.NULL)) {
            return null;
        }
        if (schema.getProperties() != null) {
            return object(schema.getProperties());
        }
        return scalar(schema);
    }

    private Object object(Map<String, Schema> properties) {
        var example = new LinkedHashMap<String, Object>();
        properties.forEach((name, property) -> example.put(name, of(property)));
        return example;
    }

    private Object scalar(Schema schema) {
        var types = schema.getType() == null ? List.<SchemaType>of() : schema.getType();
        if (types.contains(SchemaType.ARRAY)) {
            var item = of(schema.getItems());
            return item == null ? List.of() : List.of(item);
        }
        if (types.contains(SchemaType.BOOLEAN)) {
            return false;
        }
        if (types.contains(SchemaType.INTEGER)) {
            return 1;
        }
        if (schema.getPattern() != null || "uuid".equals(schema.getFormat())) {
            return UUID;
        }
        return "date-time".equals(schema.getFormat()) ? TIMESTAMP : "…";
    }
}

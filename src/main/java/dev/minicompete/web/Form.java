package dev.minicompete.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.net.URLDecoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the submitted form, by name. Of several fields with one name the first counts. The form is decoded here since
 * Quarkus answers 500 to a malformed escape and to more than a thousand fields.
 */
@RequestScoped
class Form {

    private final Map<String, String> fields = new LinkedHashMap<>();

    /** Decodes a body in {@code application/x-www-form-urlencoded}; fails with {@code malformed-request}. */
    void read(RoutingContext context) {
        var body = context.body().buffer();
        if (body == null) {
            return;
        }
        for (var pair : body.toString().split("&")) {
            var equals = pair.indexOf('=');
            if (equals >= 0) {
                // Browsers send every line break as CR LF, whatever was typed.
                var value = decode(pair.substring(equals + 1)).replace("\r\n", "\n");
                fields.putIfAbsent(decode(pair.substring(0, equals)), value);
            }
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException noEscape) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "The form cannot be read.");
        }
    }

    /** Rejects fields that contain NUL, by {@code validation}. */
    void rejectNul() {
        fields.forEach(Parameters::text);
    }

    /** The value of the field; null when it is absent. */
    @Nullable
    String text(String name) {
        return fields.get(name);
    }

    /** The value without surrounding white space; null when it is absent or blank. */
    @Nullable
    String filled(String name) {
        var text = fields.get(name);
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** The value as it is, such as a password of spaces; null when it is absent or empty. */
    @Nullable
    String nonEmpty(String name) {
        var text = fields.get(name);
        return text == null || text.isEmpty() ? null : text;
    }

    /** All fields. */
    Map<String, String> fields() {
        return Collections.unmodifiableMap(fields);
    }
}

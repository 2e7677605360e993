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

/**
 * The fields of the form that was sent, by name and in their order; of several with one name the first. Read here, since
 * what Quarkus reads forms with takes an escape that is none, and a thousand fields, for a fault of its own.
 */
@RequestScoped
class Form {

    private final Map<String, String> fields = new LinkedHashMap<>();

    /** Reads what was sent as {@code application/x-www-form-urlencoded}; fails with {@code malformed-request} when it is none. */
    void read(RoutingContext context) {
        var body = context.body().buffer();
        if (body != null) {
            read(body.toString());
        }
    }

    private void read(String body) {
        for (var pair : body.split("&")) {
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
            throw malformed();
        }
    }

    private static ProblemException malformed() {
        return ProblemException.of(ProblemType.MALFORMED_REQUEST, "The form cannot be read.");
    }

    /** Refuses what no text can have. */
    void check() {
        fields.forEach(Parameters::text);
    }

    /** The field, or null when there is none. */
    String text(String name) {
        return fields.get(name);
    }

    /** The field without surrounding white space, or null when there is none or nothing in it. */
    String filled(String name) {
        var text = fields.get(name);
        return text == null || text.isBlank() ? null : text.strip();
    }

    Map<String, String> fields() {
        return Collections.unmodifiableMap(fields);
    }
}

package dev.minicompete.web;

import dev.minicompete.platform.http.problem.Problem;
import dev.minicompete.platform.http.problem.Violation;
import io.quarkus.qute.TemplateData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The validation errors of a form.
 *
 * @param all a sentence for each field that has an error
 */
@TemplateData
public record FieldErrors(Map<String, String> all) {

    static final FieldErrors NONE = new FieldErrors(Map.of());

    /** The labels of fields that are not called by their name. */
    private static final Map<String, String> LABELS = Map.of(
            "email", "E-mail address",
            "regDeadline", "Registration deadline",
            "startsAt", "Start",
            "endsAt", "End");

    /** The errors of a problem, the first of each field. A pointer to an item of a list counts for the list. */
    static FieldErrors of(Problem problem) {
        var errors = new LinkedHashMap<String, String>();
        for (var violation : Objects.requireNonNullElse(problem.errors(), List.<Violation>of())) {
            var field = violation.pointer().replaceFirst("^/", "").split("/")[0];
            errors.putIfAbsent(field, sentence(field, violation.detail()));
        }
        return new FieldErrors(errors);
    }

    static FieldErrors of(String field, String sentence) {
        return new FieldErrors(Map.of(field, sentence));
    }

    /** The error of the field; null when there is none. */
    public @Nullable String text(String field) {
        return all.get(field);
    }

    private static String sentence(String field, String detail) {
        var text = label(field) + " " + detail;
        for (var name : LABELS.entrySet()) {
            text = text.replaceAll(
                    "\\b" + name.getKey() + "\\b", "the " + name.getValue().toLowerCase(Locale.ROOT));
        }
        return text + ".";
    }

    private static String label(String field) {
        return LABELS.getOrDefault(field, Character.toUpperCase(field.charAt(0)) + field.substring(1));
    }
}

package dev.minicompete.web;

import dev.minicompete.platform.http.problem.Problem;
import dev.minicompete.platform.http.problem.Violation;
import io.quarkus.qute.TemplateData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The validation errors of a form, by field. */
@TemplateData
public record FieldErrors(List<FieldError> all) {

    static final FieldErrors NONE = new FieldErrors(List.of());

    /** The labels of fields that are not called by their name. */
    private static final Map<String, String> LABELS = Map.of(
            "email", "E-mail address",
            "regDeadline", "Registration deadline",
            "startsAt", "Start",
            "endsAt", "End");

    /** The error of one field, as a sentence. */
    @TemplateData
    public record FieldError(String field, String text) {}

    /** The errors of a problem, one for each field. A pointer to an item of a list counts for the list. */
    static FieldErrors of(Problem problem) {
        return problem.errors() == null ? NONE : of(problem.errors());
    }

    static FieldErrors of(List<Violation> violations) {
        var errors = new ArrayList<FieldError>();
        for (var violation : violations) {
            var field = violation.pointer().replaceFirst("^/", "").split("/")[0];
            if (errors.stream().noneMatch(error -> error.field.equals(field))) {
                errors.add(new FieldError(field, sentence(field, violation.detail())));
            }
        }
        return new FieldErrors(errors);
    }

    static FieldErrors of(String field, String detail) {
        return of(List.of(new Violation(field, detail)));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The error of the field; null when there is none. */
    public @Nullable String text(String field) {
        return all.stream()
                .filter(error -> error.field.equals(field))
                .map(FieldError::text)
                .findFirst()
                .orElse(null);
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

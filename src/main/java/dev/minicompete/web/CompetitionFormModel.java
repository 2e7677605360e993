package dev.minicompete.web;

import dev.minicompete.competition.CompetitionView;
import io.quarkus.qute.TemplateData;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the pages that create or edit a competition.
 *
 * @param stored the competition as it is stored; null for a new one
 * @param conflict the stored competition when it was edited since the form was shown; otherwise null
 * @param key the idempotency key of a new competition; null for an edit
 */
@TemplateData
public record CompetitionFormModel(
        CompetitionForm form,
        FieldErrors errors,
        @Nullable CompetitionView stored,
        @Nullable CompetitionForm conflict,
        @Nullable String key) {

    /** The stored value of a field that another edit changed and that differs from this form; otherwise null. */
    public @Nullable String conflictingValue(String field) {
        if (conflict == null) {
            return null;
        }
        var conflictingValue = value(conflict, field);
        return conflictingValue.equals(value(form, field))
                ? null
                : conflictingValue.isEmpty() ? "(nothing)" : conflictingValue;
    }

    private static String value(CompetitionForm form, String field) {
        return switch (field) {
            case "title" -> form.title();
            case "description" -> form.description();
            case "location" -> form.location();
            case "tags" -> form.tags();
            case "capacity" -> form.capacity();
            case "regDeadline" -> form.regDeadline();
            case "startsAt" -> form.startsAt();
            case "endsAt" -> form.endsAt();
            case "waitlist" -> form.waitlist() ? "yes" : "no";
            default -> throw new IllegalArgumentException(field);
        };
    }
}

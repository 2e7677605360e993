package dev.minicompete.web;

import dev.minicompete.competition.CompetitionView;
import io.quarkus.qute.TemplateData;

/**
 * The form of a competition while somebody fills it in.
 *
 * @param present the competition as it is, or null for a new one
 * @param key the idempotency key of a new one, or null
 * @param conflict what somebody else made of it meanwhile, or null; shown beside what differs from it
 */
@TemplateData
public record CompetitionEditor(
        CompetitionForm form, FieldErrors errors, CompetitionView present, CompetitionForm conflict, String key) {

    /** What the field holds by now, if somebody else changed it and it is not what was filled in here; otherwise null. */
    public String conflictingValue(String field) {
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

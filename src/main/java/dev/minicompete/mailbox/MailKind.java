package dev.minicompete.mailbox;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of mail. */
public enum MailKind {
    CONFIRMATION,
    WAITLISTED,
    PROMOTED,
    CANCELLATION,
    COMPETITION_CANCELLED,
    REMINDER,

    /** Read from a database that a newer version writes to as well. */
    UNKNOWN;

    /** The texts of the known kinds. */
    static final List<String> TEXTS = Arrays.stream(values())
            .filter(kind -> kind != UNKNOWN)
            .map(MailKind::text)
            .toList();

    private static final Map<String, MailKind> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(MailKind::text, Function.identity()));

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The kind with this text. */
    static MailKind of(String text) {
        return BY_TEXT.getOrDefault(text, UNKNOWN);
    }

    /** How the API and the database spell it. */
    @JsonValue
    public String text() {
        return text;
    }
}

package dev.minicompete.registration;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The status of a registration. */
public enum RegistrationStatus {
    CONFIRMED,
    WAITLISTED,
    CANCELLED,

    /** The competition started while the participant was on the waitlist. */
    EXPIRED,

    /** Read from a database that a newer version writes to as well. */
    UNKNOWN;

    private static final Map<String, RegistrationStatus> BY_TEXT = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(RegistrationStatus::text, Function.identity()));

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The status with this text. */
    static RegistrationStatus of(String text) {
        return BY_TEXT.getOrDefault(text, UNKNOWN);
    }

    /** How the API and the database spell it. */
    @JsonValue
    public String text() {
        return text;
    }
}

package dev.minicompete.platform.security;

import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.persistence.EnumeratedValue;
import java.util.Arrays;
import java.util.Optional;

/** The role of an account: what its owner may do. Each account has exactly one. */
public enum Role {

    /** Publishes competitions. */
    ORGANIZER(Names.ORGANIZER),

    /** Registers for competitions. */
    PARTICIPANT(Names.PARTICIPANT);

    /** The roles as constants for annotations, which take no enums; spelled as in the API, the token and the database. */
    public static final class Names {

        public static final String ORGANIZER = "organizer";
        public static final String PARTICIPANT = "participant";

        private Names() {}
    }

    @EnumeratedValue
    private final String name;

    Role(String name) {
        this.name = name;
    }

    /** The role of this name; empty when there is none. Names are case-sensitive. */
    public static Optional<Role> of(String name) {
        return Arrays.stream(values()).filter(role -> role.name.equals(name)).findFirst();
    }

    /** The name as the API, the token and the database spell it. */
    @Override
    @JsonValue
    public String toString() {
        return name;
    }
}

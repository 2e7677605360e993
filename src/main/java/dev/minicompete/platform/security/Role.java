package dev.minicompete.platform.security;

import java.util.List;

/** The two roles an account can have, as the API, the token and the database spell them. */
public final class Role {

    /** Publishes competitions. */
    public static final String ORGANIZER = "organizer";

    /** Registers for competitions. */
    public static final String PARTICIPANT = "participant";

    public static final List<String> ALL = List.of(ORGANIZER, PARTICIPANT);

    private Role() {}
}

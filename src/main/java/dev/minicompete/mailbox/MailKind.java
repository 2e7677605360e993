package dev.minicompete.mailbox;

import java.util.List;

/** The kinds of mail, as the API and the database spell them. */
public final class MailKind {

    public static final String CONFIRMATION = "confirmation";
    public static final String WAITLISTED = "waitlisted";
    public static final String PROMOTED = "promoted";
    public static final String CANCELLATION = "cancellation";
    public static final String COMPETITION_CANCELLED = "competition-cancelled";
    public static final String REMINDER = "reminder";

    static final List<String> ALL =
            List.of(CONFIRMATION, WAITLISTED, PROMOTED, CANCELLATION, COMPETITION_CANCELLED, REMINDER);

    private MailKind() {}
}

package dev.minicompete.web;

/**
 * The login page.
 *
 * @param next where to go from there
 * @param message what went wrong or is to be known, or null
 * @param resume a form that waits to be sent, or null
 */
record LoginForm(String email, String next, String message, FieldErrors errors, PendingForm resume) {

    /** For a form that came too late; it waits. */
    static LoginForm expired(PendingForm resume) {
        return new LoginForm(
                "",
                "/",
                "Your session has ended. Log in to go on; what you filled in is kept.",
                FieldErrors.NONE,
                resume);
    }
}

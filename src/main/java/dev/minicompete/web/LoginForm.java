package dev.minicompete.web;

/**
 * The contents of the login page.
 *
 * @param next the path to go to after the login
 * @param message an error or a hint, or null
 * @param resume a form to send after the login, or null
 */
record LoginForm(String email, String next, String message, FieldErrors errors, PendingForm resume) {

    /** For a form that was sent after the session had expired. */
    static LoginForm expired(PendingForm resume) {
        return new LoginForm(
                "", "/", "Your session has expired. Log in to continue. Your input is kept.", FieldErrors.NONE, resume);
    }
}

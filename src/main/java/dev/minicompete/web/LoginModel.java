package dev.minicompete.web;

import org.jspecify.annotations.Nullable;

/**
 * The contents of the login page.
 *
 * @param next the path to go to after the login
 * @param message an error or a hint
 * @param resume a form to send after the login
 */
record LoginModel(
        @Nullable String email,
        String next,
        @Nullable String message,
        FieldErrors errors,
        @Nullable PendingForm resume) {

    /** For a form that was sent after the session had expired. */
    static LoginModel expired(PendingForm resume) {
        return new LoginModel(
                "", "/", "Your session has expired. Log in to continue. Your input is kept.", FieldErrors.NONE, resume);
    }
}

package dev.minicompete.web;

import dev.minicompete.platform.security.Role;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the log-in page and of the sign-up page. It never contains the password that was entered.
 *
 * @param next the path to go to after the log-in
 * @param message an error or a hint
 * @param pending a form to send after the log-in
 */
record AccountForm(
        @Nullable String name,
        @Nullable String email,
        @Nullable String role,
        String next,
        @Nullable String message,
        FieldErrors errors,
        @Nullable PendingForm pending) {

    /** The form that was submitted, without its password. */
    static AccountForm of(Form form, @Nullable String message, FieldErrors errors) {
        return new AccountForm(
                form.text("name"),
                form.text("email"),
                form.text("role"),
                LocalPath.of(form.text("next")).orElse("/"),
                message,
                errors,
                PendingForm.in(form));
    }

    static AccountForm empty(String next, @Nullable String message, @Nullable PendingForm pending) {
        return new AccountForm("", "", Role.Names.PARTICIPANT, next, message, FieldErrors.NONE, pending);
    }
}

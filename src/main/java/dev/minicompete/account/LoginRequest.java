package dev.minicompete.account;

import dev.minicompete.platform.http.problem.Checks;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a log-in request. */
@Schema(requiredProperties = {"email", "password"})
public record LoginRequest(
        @Schema(format = "email", examples = "alice@example.com") @Nullable
        String email,

        @Schema(format = "password", examples = "pass123") @Nullable
        String password) {

    /**
     * Returns the request with its e-mail address normalized; nothing in it is null.
     *
     * @throws dev.minicompete.platform.http.problem.ProblemException {@code validation}
     */
    public LoginRequest checked() {
        var checks = new Checks();
        checks.present(email, "/email");
        checks.present(password, "/password");
        var normal = new LoginRequest(Email.normalizeExisting(checks, "/email", email), password);
        checks.throwIfInvalid();
        return normal;
    }

    /** Records print their components; a password belongs in no log. */
    @Override
    public String toString() {
        return "LoginRequest[" + email + "]";
    }
}

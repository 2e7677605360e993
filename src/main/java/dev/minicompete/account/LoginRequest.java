package dev.minicompete.account;

import dev.minicompete.platform.http.problem.Checks;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What proves that an account is one's own. */
@Schema(requiredProperties = {"email", "password"})
public record LoginRequest(
        @Schema(format = "email", examples = "alice@example.com")
        String email,

        @Schema(format = "password", examples = "pass123") String password) {

    /** The request in normal form, or a problem. */
    public LoginRequest checked() {
        var checks = new Checks();
        checks.present(email, "/email");
        checks.present(password, "/password");
        var normal = new LoginRequest(Email.normal(checks, "/email", email), password);
        checks.throwIfInvalid();
        return normal;
    }

    /** Records print their components; a password belongs in no log. */
    @Override
    public String toString() {
        return "LoginRequest[" + email + "]";
    }
}

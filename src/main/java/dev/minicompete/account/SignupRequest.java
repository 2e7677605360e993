package dev.minicompete.account;

import dev.minicompete.platform.http.json.Text;
import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.security.Role;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a sign-up request. */
@Schema(requiredProperties = {"name", "email", "password", "role"})
public record SignupRequest(
        @Schema(minLength = 1, maxLength = NAME, examples = "Alice") @Nullable
        String name,

        @Schema(format = "email", maxLength = Email.MAXIMUM, examples = "alice@example.com") @Nullable
        String email,

        @Schema(format = "password", minLength = PASSWORD_MINIMUM, maxLength = PASSWORD_MAXIMUM, examples = "pass123")
        @Nullable
        String password,

        @Schema(
                enumeration = {Role.Names.ORGANIZER, Role.Names.PARTICIPANT},
                examples = Role.Names.ORGANIZER)
        @Nullable
        String role) {

    private static final int NAME = 200;
    private static final int PASSWORD_MINIMUM = 7;
    private static final int PASSWORD_MAXIMUM = 128;

    /**
     * Returns the request with name and e-mail address normalized; the password stays as it is. Nothing in it is null.
     *
     * @throws dev.minicompete.platform.http.problem.ProblemException {@code validation}
     */
    public SignupRequest checked() {
        var checks = new Checks();
        checks.present(name, "/name");
        checks.present(email, "/email");
        checks.present(role, "/role");
        checks.present(password, "/password");
        if (password != null) {
            var length = Text.length(password);
            checks.require(
                    length >= PASSWORD_MINIMUM && length <= PASSWORD_MAXIMUM,
                    "/password",
                    "must have " + PASSWORD_MINIMUM + " to " + PASSWORD_MAXIMUM + " characters");
        }
        checks.require(
                role == null || Role.of(role).isPresent(),
                "/role",
                "must be one of " + Role.ORGANIZER + ", " + Role.PARTICIPANT);
        var normal = new SignupRequest(
                Text.line(checks, "/name", name, NAME), Email.normalize(checks, "/email", email), password, role);
        checks.throwIfInvalid();
        return normal;
    }

    /** Records print their components; a password belongs in no log. */
    @Override
    public String toString() {
        return "SignupRequest[" + email + "]";
    }
}

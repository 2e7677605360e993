package dev.minicompete.registration;

import dev.minicompete.platform.http.json.Text;
import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.http.problem.ProblemException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a registration request. */
@RegisterForReflection
public record RegistrationRequest(
        @Schema(maxLength = NOTE, nullable = true, description = "For the organizer", examples = "I bring a friend.")
        @Nullable
        String note) {

    private static final int NOTE = 500;

    /**
     * Returns the normalized note; null when there is none.
     *
     * @param request the body; null if there was none
     * @throws ProblemException {@code validation} if the note is invalid
     */
    public static @Nullable String checkedNote(@Nullable RegistrationRequest request) {
        if (request == null || request.note == null) {
            return null;
        }
        var checks = new Checks();
        var note = Text.block(checks, "/note", request.note, NOTE);
        checks.require(!note.isEmpty(), "/note", "must not be blank");
        checks.throwIfInvalid();
        return note;
    }
}

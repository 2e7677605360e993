package dev.minicompete.registration;

import dev.minicompete.platform.http.json.Text;
import dev.minicompete.platform.http.problem.Checks;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a participant may say when registering. */
@RegisterForReflection
public record RegistrationRequest(
        @Schema(maxLength = NOTE, nullable = true, description = "For the organizer", examples = "I bring a friend.")
        String note) {

    private static final int NOTE = 500;

    /** The note in normal form, or null; no body at all is the same as an empty one. Throws a problem if it is no good. */
    public static String checkedNote(RegistrationRequest request) {
        var checks = new Checks();
        var note = Text.block(checks, "/note", request == null ? null : request.note, NOTE);
        checks.require(note == null || !note.isEmpty(), "/note", "must not be blank");
        checks.throwIfInvalid();
        return note;
    }
}

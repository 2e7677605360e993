package dev.minicompete.account;

import dev.minicompete.platform.security.Role;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An account in the form that its owner gets. */
@Schema(name = "User")
public record Account(
        UUID id,
        @Schema(examples = "Alice") String name,
        @Schema(examples = "alice@example.com") String email,

        @Schema(
                enumeration = {Role.Names.ORGANIZER, Role.Names.PARTICIPANT},
                examples = Role.Names.ORGANIZER)
        Role role,

        Instant createdAt) {

    static Account of(User user) {
        return new Account(user.id, user.name, user.email, user.role, user.createdAt);
    }
}

package dev.minicompete.mailbox;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A mail as its owner sees it. */
@Schema(name = "Mail")
public record MailView(
        UUID id,

        @Schema(
                enumeration = {
                    MailKind.CONFIRMATION,
                    MailKind.WAITLISTED,
                    MailKind.PROMOTED,
                    MailKind.CANCELLATION,
                    MailKind.COMPETITION_CANCELLED,
                    MailKind.REMINDER
                })
        String kind,

        @Schema(examples = "You are in: Hackathon") String subject,
        String body,
        @Schema(nullable = true) UUID competitionId,
        @Schema(nullable = true) UUID registrationId,
        Instant createdAt,
        @Schema(nullable = true) Instant readAt) {

    static MailView of(Mail mail) {
        return new MailView(
                mail.id,
                mail.kind,
                mail.subject,
                mail.body,
                mail.competitionId,
                mail.registrationId,
                mail.createdAt,
                mail.readAt);
    }
}

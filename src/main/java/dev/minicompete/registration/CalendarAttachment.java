package dev.minicompete.registration;

import dev.minicompete.competition.CalendarFileQuery;
import dev.minicompete.mailbox.MailAttachments;
import dev.minicompete.mailbox.MailKind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Attaches the competition's calendar file to mails that confirm a seat. */
@Singleton
class CalendarAttachment implements MailAttachments {

    private final CalendarFileQuery files;

    CalendarAttachment(CalendarFileQuery files) {
        this.files = files;
    }

    @Override
    public Uni<Optional<Attachment>> find(SqlConnection transaction, MailKind mailKind, @Nullable UUID competitionId) {
        if (competitionId == null || mailKind != MailKind.CONFIRMATION && mailKind != MailKind.PROMOTED) {
            return Uni.createFrom().item(Optional.empty());
        }
        return files.find(transaction, competitionId)
                .map(found ->
                        found.map(file -> new Attachment("competition.ics", "text/calendar; charset=UTF-8", file)));
    }
}

package dev.minicompete.mailbox;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the files to attach to mails that are sent by SMTP. Implemented by the feature that the mails are about. */
public interface MailAttachments {

    /**
     * Finds the attachment of a mail, if it has one.
     *
     * @param competitionId the competition that the mail is about
     */
    Uni<Optional<Attachment>> find(SqlConnection connection, MailKind mailKind, @Nullable UUID competitionId);

    /** A text file. */
    record Attachment(String name, String contentType, String text) {}
}

package dev.minicompete.mailbox;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** Says what is attached to mails that leave the system. What mails are about are features above this one, so they do it. */
public interface MailAttachments {

    /**
     * The attachment of a mail, if it has one.
     *
     * @param mailKind one of {@link MailKind}
     * @param competitionId what the mail is about, or null
     */
    Uni<Optional<Attachment>> find(SqlConnection transaction, String mailKind, UUID competitionId);

    /** A file of text. */
    record Attachment(String name, String contentType, String text) {}
}

package dev.minicompete.mailbox;

import dev.minicompete.platform.http.paging.PagedResponse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One page of a mailbox.
 *
 * @param unread unread mails in the whole mailbox
 */
public record MailboxResponse(
        List<MailView> items,
        @Schema(nullable = true) @Nullable String nextCursor,
        @Schema(examples = "2") long unread) implements PagedResponse {}

package dev.minicompete.mailbox;

import dev.minicompete.platform.http.paging.PagedResponse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One page of a mailbox.
 *
 * @param unread unread mails in the whole mailbox, counted up to 100,000
 */
public record MailboxResponse(
        List<MailView> items,
        @Schema(nullable = true) @Nullable String nextCursor,

        @Schema(examples = "2", description = "Counted up to 100,000")
        long unread)
        implements PagedResponse {}

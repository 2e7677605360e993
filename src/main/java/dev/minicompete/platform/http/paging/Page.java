package dev.minicompete.platform.http.paging;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One page of a list.
 *
 * @param nextCursor what to send as {@code cursor} for the next page; null on the last one
 */
public record Page<T>(
        List<T> items, @Schema(nullable = true) String nextCursor) implements PagedResponse {}

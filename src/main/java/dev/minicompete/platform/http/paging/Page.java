package dev.minicompete.platform.http.paging;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor the parameter {@code cursor} of the next page; null on the last page
 */
public record Page<T>(
        List<T> items, @Schema(nullable = true) @Nullable String nextCursor) implements PagedResponse {}

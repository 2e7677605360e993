package dev.minicompete.platform.http.paging;

import org.jspecify.annotations.Nullable;

/** A response that contains one page of a list. */
public interface PagedResponse {

    /** The parameter {@code cursor} of the next page; null on the last page. */
    @Nullable
    String nextCursor();
}

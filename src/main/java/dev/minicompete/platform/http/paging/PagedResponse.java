package dev.minicompete.platform.http.paging;

/** An answer that is one page of a list. */
public interface PagedResponse {

    /** What to send as {@code cursor} for the next page; null on the last one. */
    String nextCursor();
}

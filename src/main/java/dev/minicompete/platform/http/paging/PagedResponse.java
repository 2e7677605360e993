package dev.minicompete.platform.http.paging;

/** A response that contains one page of a list. */
public interface PagedResponse {

    /** The parameter {@code cursor} of the next page; null on the last page. */
    String nextCursor();
}

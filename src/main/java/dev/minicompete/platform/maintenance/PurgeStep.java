package dev.minicompete.platform.maintenance;

import io.smallrye.mutiny.Multi;

/** A feature's part of the purge: it deletes or changes rows that are no longer needed. */
public interface PurgeStep {

    /** Names the rows, for the log. */
    String rows();

    /** Steps run in ascending order. A step runs after those whose rows keep its own rows from being deleted. */
    int order();

    /**
     * Purges in chunks, each a transaction of its own, so that no statement grows with the number of rows.
     *
     * @param limit maximum number of rows in a chunk
     * @param age how long rows are kept; an ISO 8601 duration or period
     * @return the number of purged rows after each chunk
     */
    Multi<Integer> purge(int limit, String age);
}

package dev.minicompete.platform.maintenance;

/**
 * A feature's part of the purge: a statement that deletes or changes rows that are no longer needed, in chunks that keep
 * transactions short. The rows of a chunk should be selected into an array, oldest first, so that each is found by an index.
 */
public interface PurgeStep {

    /** Names the rows, for the log. */
    String rows();

    /** The SQL of one chunk. {@code $1} is the maximum number of rows, {@code $2} their minimum age as an interval. */
    String statement();

    /** Whether the statement has the parameter {@code $2}. */
    default boolean hasAge() {
        return true;
    }

    /** Steps run in ascending order. A step runs after those whose rows keep its own rows from being deleted. */
    default int order() {
        return 0;
    }
}

package dev.minicompete.platform.maintenance;

import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlResult;
import io.vertx.mutiny.sqlclient.Tuple;

/**
 * Repeats a statement until it finds no more rows. The rows of a chunk should be selected into an array, oldest first, so that each is found by
 * an index.
 *
 * @param statement the SQL of one chunk. {@code $1} is the maximum number of rows; {@code $2}, which may be left out, their minimum age as an
 *     interval
 */
public record ChunkedPurge(Pool pool, String rows, int order, String statement) implements PurgeStep {

    @Override
    public Multi<Integer> purge(int limit, String age) {
        var parameters = statement.contains("$2") ? Tuple.of(limit, age) : Tuple.of(limit);
        return Multi.createBy()
                .repeating()
                .uni(() -> pool.preparedQuery(statement).execute(parameters).map(SqlResult::rowCount))
                .whilst(purged -> purged > 0);
    }
}

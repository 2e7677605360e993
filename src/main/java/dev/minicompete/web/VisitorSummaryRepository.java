package dev.minicompete.web;

import dev.minicompete.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what the header of each page shows of its visitor, by one indexed query. */
@Singleton
class VisitorSummaryRepository {

    /** Counting stops here, so that the query costs the same for a full mailbox. */
    static final int MAXIMUM_UNREAD = 100;

    private static final String FIND = """
            SELECT u.name, (
                SELECT count(*)::int FROM (
                    SELECT FROM mailbox m WHERE m.user_id = u.id AND m.read_at IS NULL LIMIT $2) unread) AS unread
            FROM users u WHERE u.id = $1
            """;

    /**
     * What the header shows.
     *
     * @param unread the number of unread mails, at most {@link #MAXIMUM_UNREAD}
     */
    record VisitorSummary(String name, int unread) {}

    private final Pool pool;

    VisitorSummaryRepository(Pool pool) {
        this.pool = pool;
    }

    /** The summary of an account; null when the account no longer exists. */
    Uni<@Nullable VisitorSummary> find(UUID account) {
        return Database.inTime(pool.preparedQuery(FIND).execute(Tuple.of(account, MAXIMUM_UNREAD)))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next())
                .map(row -> row == null ? null : new VisitorSummary(row.getString("name"), row.getInteger("unread")));
    }
}

package dev.minicompete.web;

import dev.minicompete.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.UUID;

/** What the head of each page says of its visitor; one indexed query. */
@Singleton
class VisitorSummary {

    /** Where counting stops. */
    static final int MANY = 100;

    private static final String FIND = """
            SELECT u.name, (
                SELECT count(*)::int FROM (
                    SELECT FROM mailbox m WHERE m.user_id = u.id AND m.read_at IS NULL LIMIT $2) unread) AS unread
            FROM users u WHERE u.id = $1
            """;

    private final Pool pool;

    VisitorSummary(Pool pool) {
        this.pool = pool;
    }

    record Greeting(String name, int unread) {}

    /** The account's, or null when it is gone. */
    Uni<Greeting> find(UUID account) {
        return Database.inTime(pool.preparedQuery(FIND).execute(Tuple.of(account, MANY)))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next())
                .map(row -> row == null ? null : new Greeting(row.getString("name"), row.getInteger("unread")));
    }
}

package dev.minicompete.mailbox;

import dev.minicompete.platform.http.paging.Cursor;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the mails of a user and marks them as read. Mails of others are treated as missing. */
@ApplicationScoped
public class MailboxService {

    private static final String FIND = """
            SELECT id, kind, subject, body, competition_id, registration_id, created_at, read_at
            FROM mailbox WHERE user_id = $1
            """;

    private static final String FIND_OWN = FIND + "AND id = $2";

    /** An owner of more unread mails than this is told this number. */
    private static final int COUNTED = 100_000;

    private static final String COUNT_UNREAD = """
            SELECT count(*) FROM (SELECT FROM mailbox WHERE user_id = $1 AND read_at IS NULL LIMIT $2) AS counted
            """;

    /** Keeps the time of the first read. Returns a row if the mail exists. */
    private static final String MARK_READ = """
            WITH mail AS (SELECT id FROM mailbox WHERE user_id = $1 AND id = $2),
            marked AS (UPDATE mailbox SET read_at = now() WHERE id = (SELECT id FROM mail) AND read_at IS NULL)
            SELECT id FROM mail
            """;

    private final Pool pool;

    MailboxService(Pool pool) {
        this.pool = pool;
    }

    /** Finds a mail of the user; fails with {@code not-found}. */
    public Uni<MailView> find(UUID user, UUID id) {
        return Database.inTime(pool.preparedQuery(FIND_OWN).execute(Tuple.of(user, id)))
                .map(rows -> Rows.first(rows, MailView::of))
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound);
    }

    /**
     * Finds a page of the user's mails, newest first, with the number of unread mails in the whole mailbox.
     *
     * @param kind the kind to find; null for all
     */
    public Uni<MailboxResponse> list(UUID user, boolean unreadOnly, @Nullable MailKind kind, PageRequest page) {
        return Database.inTime(find(user, unreadOnly, kind, page)
                .map(mails -> page.page(mails, mail -> new Cursor(mail.createdAt(), mail.id()), Function.identity()))
                .flatMap(mails -> countUnread(user)
                        .map(unread -> new MailboxResponse(mails.items(), mails.nextCursor(), unread))));
    }

    /** Only the filters that apply are in the statement, so that a cached plan can use the index for them. */
    private Uni<List<MailView>> find(UUID user, boolean unreadOnly, @Nullable MailKind kind, PageRequest page) {
        var query = new StringBuilder(FIND);
        var parameters = Tuple.of(user);
        if (unreadOnly) {
            query.append(" AND read_at IS NULL");
        }
        if (kind != null) {
            query.append(" AND kind = $")
                    .append(parameters.addValue(kind.text()).size());
        }
        if (page.after() != null) {
            query.append(" AND (created_at, id) < ($")
                    .append(parameters
                            .addValue(page.after().at().atOffset(ZoneOffset.UTC))
                            .size())
                    .append(", $")
                    .append(parameters.addValue(page.after().id()).size())
                    .append(")");
        }
        query.append(" ORDER BY created_at DESC, id DESC LIMIT $")
                .append(parameters.addValue(page.rows()).size());
        return pool.preparedQuery(query.toString()).execute(parameters).map(rows -> Rows.list(rows, MailView::of));
    }

    private Uni<Long> countUnread(UUID user) {
        return pool.preparedQuery(COUNT_UNREAD)
                .execute(Tuple.of(user, COUNTED))
                .map(rows -> Rows.first(rows, row -> row.getLong(0)));
    }

    /** Marks a mail of the user as read, unless it is read already; fails with {@code not-found}. */
    public Uni<Void> markRead(UUID user, UUID id) {
        return Database.inTime(pool.preparedQuery(MARK_READ).execute(Tuple.of(user, id)))
                .map(rows -> Rows.first(rows, row -> row))
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound)
                .replaceWithVoid();
    }
}

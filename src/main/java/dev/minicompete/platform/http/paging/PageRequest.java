package dev.minicompete.platform.http.paging;

import dev.minicompete.platform.http.problem.ProblemException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client's request for one page of a list.
 *
 * @param limit the number of items on the page, 1 to 100
 * @param after the position after which the page starts; null for the first page
 * @param scope identifies the list with its sort and filter; a cursor of another scope is invalid
 */
public record PageRequest(int limit, @Nullable Cursor after, String scope) {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAXIMUM_LIMIT = 100;

    /**
     * Parses the parameters {@code limit} and {@code cursor}.
     *
     * @throws ProblemException {@code validation} when one is invalid
     */
    public static PageRequest of(@Nullable String limit, @Nullable String cursor, Object... scope) {
        var scoped = List.of(scope).toString();
        return new PageRequest(
                limit == null ? DEFAULT_LIMIT : parse(limit),
                cursor == null ? null : Cursor.decode(cursor, scoped),
                scoped);
    }

    /** The number of rows to read: one more than the page shows, to know whether there is a next page. */
    public int rows() {
        return limit + 1;
    }

    /** Makes a page of up to {@link #rows()} rows. */
    public <R, T> Page<T> page(List<R> rows, Function<R, Cursor> position, Function<R, T> item) {
        var shown = rows.subList(0, Math.min(limit, rows.size()));
        var next = rows.size() > limit ? position.apply(shown.get(limit - 1)).encode(scope) : null;
        return new Page<>(shown.stream().map(item).toList(), next);
    }

    private static int parse(String limit) {
        if (limit.matches("[1-9]\\d{0,2}")) {
            var number = Integer.parseInt(limit);
            if (number <= MAXIMUM_LIMIT) {
                return number;
            }
        }
        throw ProblemException.invalid("limit", "must be a whole number from 1 to " + MAXIMUM_LIMIT);
    }
}

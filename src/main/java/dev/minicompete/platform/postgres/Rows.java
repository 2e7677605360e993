package dev.minicompete.platform.postgres;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Converts rows of the reactive client. */
public final class Rows {

    private Rows() {}

    /** The rows, converted, in their order. */
    public static <T> List<T> list(RowSet<Row> rows, Function<Row, T> item) {
        return stream(rows).map(item).toList();
    }

    /** The first row, converted; null when there is none. */
    public static <T> @Nullable T first(RowSet<Row> rows, Function<Row, T> item) {
        return stream(rows).map(item).findFirst().orElse(null);
    }

    /** The rows, in their order. */
    public static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    /** A {@code timestamptz} of a column that is never null. */
    public static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    /** A {@code timestamptz} of a column that may be null. */
    public static @Nullable Instant instantOrNull(Row row, String column) {
        var time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}

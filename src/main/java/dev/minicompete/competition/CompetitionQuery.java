package dev.minicompete.competition;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.minicompete.platform.http.json.Text;
import dev.minicompete.platform.http.paging.Cursor;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.http.problem.ProblemException;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The filters, order and page of a list of competitions. A filter that is null or empty matches all. Words and tags are
 * compared as the SQL function {@code fold_text} folds them.
 *
 * @param words that the title or description must contain, each
 */
public record CompetitionQuery(
        List<String> words,
        @Nullable String tag,
        @Nullable CompetitionStatus status,
        @Nullable UUID organizerId,
        Sort sort,
        PageRequest page) {

    private static final int SEARCH_LENGTH = 200;

    /** The orders of a list. Each has an index; competitions of the same time are ordered by id. */
    public enum Sort {
        STARTS_AT("startsAt", "starts_at", true, competition -> competition.startsAt),
        STARTS_AT_DESCENDING("-startsAt", "starts_at", false, competition -> competition.startsAt),
        REG_DEADLINE("regDeadline", "reg_deadline", true, competition -> competition.regDeadline),
        CREATED_AT_DESCENDING("-createdAt", "created_at", false, competition -> competition.createdAt);

        private final String parameter;
        private final String column;
        private final boolean ascending;
        private final Function<Competition, Instant> time;

        Sort(String parameter, String column, boolean ascending, Function<Competition, Instant> time) {
            this.parameter = parameter;
            this.column = column;
            this.ascending = ascending;
            this.time = time;
        }

        /** All of them. */
        public static final List<Sort> ALL = List.of(values());

        /** The API's name, such as {@code -createdAt}. */
        @Override
        @JsonValue
        public String toString() {
            return parameter;
        }

        private String order() {
            var direction = ascending ? " ASC" : " DESC";
            return " ORDER BY c." + column + direction + ", c.id" + direction;
        }

        private String after(int at) {
            return "(c." + column + ", c.id) " + (ascending ? ">" : "<") + " ($" + at + ", $" + (at + 1) + ")";
        }
    }

    /**
     * Makes a query of parameters.
     *
     * @throws ProblemException {@code validation} when one is invalid
     */
    public static CompetitionQuery of(
            @Nullable String q,
            @Nullable String rawTag,
            @Nullable CompetitionStatus status,
            @Nullable UUID organizerId,
            @Nullable Sort sort,
            @Nullable String limit,
            @Nullable String cursor) {
        var checks = new Checks();
        var search = Text.block(checks, "q", q == null ? "" : q, SEARCH_LENGTH);
        checks.throwIfInvalid();
        Parameters.text("q", q);
        Parameters.text("tag", rawTag);
        var tag = rawTag == null ? null : emptyToNull(Text.trim(rawTag));
        var order = sort == null ? Sort.STARTS_AT : sort;
        var words = search.isEmpty() ? List.<String>of() : List.of(search.split("\\p{IsWhite_Space}+"));
        var page = PageRequest.of(
                limit,
                cursor,
                "competitions",
                words,
                String.valueOf(tag),
                String.valueOf(status),
                String.valueOf(organizerId),
                order.name());
        return new CompetitionQuery(words, tag, status, organizerId, order, page);
    }

    private static @Nullable String emptyToNull(String value) {
        return value.isEmpty() ? null : value;
    }

    /** The SQL clauses WHERE on {@code c}, ORDER BY and LIMIT; {@link #parameters} has their values. */
    String clauses() {
        var conditions = new ArrayList<String>();
        var next = 1;
        for (var word : words) {
            conditions.add("c.search LIKE search_pattern($" + next++ + ") ESCAPE '!'");
        }
        if (tag != null) {
            conditions.add("c.search_tags @> ARRAY[fold_text($" + next++ + ")]");
        }
        if (status != null) {
            conditions.add(status.condition());
        }
        if (organizerId != null) {
            conditions.add("c.organizer_id = $" + next++);
        }
        if (page.after() != null) {
            conditions.add(sort.after(next));
            next += 2;
        }
        var where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
        return where + sort.order() + " LIMIT $" + next;
    }

    /** The values of the parameters in {@link #clauses}, in order. */
    Tuple parameters() {
        var parameters = Tuple.tuple();
        for (var word : words) {
            parameters.addValue(word);
        }
        if (tag != null) {
            parameters.addValue(tag);
        }
        if (organizerId != null) {
            parameters.addValue(organizerId);
        }
        if (page.after() != null) {
            parameters
                    .addValue(page.after().at().atOffset(ZoneOffset.UTC))
                    .addValue(page.after().id());
        }
        return parameters.addValue(page.rows());
    }

    Page<CompetitionView> pageOf(List<CompetitionRepository.Found> found) {
        return page.page(
                found,
                row -> new Cursor(sort.time.apply(row.competition()), row.competition().id),
                CompetitionRepository.Found::view);
    }
}

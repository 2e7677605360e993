package dev.minicompete.competition;

import dev.minicompete.http.Cursor;
import dev.minicompete.http.Page;
import dev.minicompete.http.PageRequest;
import dev.minicompete.http.Parameters;
import dev.minicompete.http.Text;
import dev.minicompete.problem.Checks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which competitions a client asks for, and in which order. */
public record CompetitionQuery(
        List<String> words, String tag, String status, UUID organizerId, Sort sort, PageRequest page) {

    private static final int SEARCH_LENGTH = 200;

    /** The orders a list can have. Each is one index, with the id telling equal times apart. */
    enum Sort {
        STARTS_AT("startsAt", "startsAt", true, competition -> competition.startsAt),
        STARTS_AT_DESCENDING("-startsAt", "startsAt", false, competition -> competition.startsAt),
        REG_DEADLINE("regDeadline", "regDeadline", true, competition -> competition.regDeadline),
        CREATED_AT_DESCENDING("-createdAt", "createdAt", false, competition -> competition.createdAt);

        private final String parameter;
        private final String field;
        private final boolean ascending;
        private final Function<Competition, Instant> time;

        Sort(String parameter, String field, boolean ascending, Function<Competition, Instant> time) {
            this.parameter = parameter;
            this.field = field;
            this.ascending = ascending;
            this.time = time;
        }

        static final Map<String, Sort> BY_PARAMETER =
                List.of(values()).stream().collect(Collectors.toUnmodifiableMap(sort -> sort.parameter, sort -> sort));

        private String order() {
            var direction = ascending ? " asc" : " desc";
            return " order by c." + field + direction + ", c.id" + direction;
        }

        private String after() {
            return "(c." + field + ", c.id) " + (ascending ? ">" : "<") + " (:at, :id)";
        }
    }

    /** Reads the query parameters, any of which may be null; throws a problem where one is no good. */
    public static CompetitionQuery of(
            String q, String tag, String status, String organizerId, String sort, String limit, String cursor) {
        var checks = new Checks();
        var search = Text.block(checks, "q", q == null ? "" : q, SEARCH_LENGTH);
        checks.done();
        Parameters.text("q", q);
        Parameters.text("tag", tag);
        Parameters.oneOf("status", status, CompetitionStatus.ALL);
        Parameters.oneOf("sort", sort, Sort.BY_PARAMETER.keySet());
        var organizer = Parameters.queryId("organizerId", organizerId);
        var order = sort == null ? Sort.STARTS_AT : Sort.BY_PARAMETER.get(sort);
        var words = search.isEmpty() ? List.<String>of() : List.of(search.split("\\p{IsWhite_Space}+"));
        var page = PageRequest.of(
                limit,
                cursor,
                "competitions",
                words,
                String.valueOf(tag),
                String.valueOf(status),
                String.valueOf(organizer),
                order);
        return new CompetitionQuery(words, tag, status, organizer, order, page);
    }

    /** The conditions on {@code c} and the order, in HQL. */
    String clauses() {
        var conditions = new ArrayList<String>();
        for (var i = 0; i < words.size(); i++) {
            conditions.add("column(c.search as string) like lower(:word" + i + ") escape '!'");
        }
        if (tag != null) {
            conditions.add("array_contains(c.tags, :tag)");
        }
        if (status != null) {
            conditions.add(CompetitionStatus.condition(status));
        }
        if (organizerId != null) {
            conditions.add("c.organizerId = :organizerId");
        }
        if (page.after() != null) {
            conditions.add(sort.after());
        }
        var where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        return where + sort.order();
    }

    /** The values of the parameters in {@link #clauses}. */
    Map<String, Object> parameters() {
        var parameters = new HashMap<String, Object>();
        for (var i = 0; i < words.size(); i++) {
            parameters.put("word" + i, "%" + words.get(i).replaceAll("[!%_]", "!$0") + "%");
        }
        if (tag != null) {
            parameters.put("tag", tag);
        }
        if (organizerId != null) {
            parameters.put("organizerId", organizerId);
        }
        if (page.after() != null) {
            parameters.put("at", page.after().at());
            parameters.put("id", page.after().id());
        }
        return parameters;
    }

    Page<CompetitionView> pageOf(List<CompetitionRepository.Found> found) {
        return page.page(
                found,
                row -> new Cursor(sort.time.apply(row.competition()), row.competition().id),
                CompetitionRepository.Found::view);
    }
}

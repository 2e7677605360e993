package dev.minicompete.web;

import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.paging.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The competitions page.
 *
 * @param cursor where the page begins, or null for the first
 */
record CompetitionList(
        Page<CompetitionView> competitions, Search search, String cursor, FieldErrors errors, String done) {

    /** The address of the list with its search, to which a cursor can be added. */
    public String base() {
        return "/?" + search.query() + "&";
    }

    /** The order where none is asked for: those long past do not stand at the top for ever. */
    static final String NEWEST_FIRST = "-createdAt";

    private static final List<Map.Entry<String, String>> SORTS = List.of(
            Map.entry(NEWEST_FIRST, "Newest first"),
            Map.entry("regDeadline", "Closing first"),
            Map.entry("startsAt", "Starting first"),
            Map.entry("-startsAt", "Starting last"));

    /** What is searched for; empty texts where it does not matter. */
    record Search(String q, String tag, String status, String sort) {

        /** The statuses to choose from. */
        public List<String> statuses() {
            return CompetitionStatus.ALL;
        }

        /** The orders to choose from, and what they are called. */
        public List<Map.Entry<String, String>> sorts() {
            return SORTS;
        }

        public boolean isAny() {
            return !(q + tag + status).isEmpty();
        }

        /** The same search as a query, for a link to its next page. */
        public String query() {
            return "q=" + encode(q) + "&tag=" + encode(tag) + "&status=" + encode(status) + "&sort=" + encode(sort);
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}

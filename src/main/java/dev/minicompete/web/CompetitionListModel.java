package dev.minicompete.web;

import dev.minicompete.competition.CompetitionQuery.Sort;
import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.paging.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the competitions page.
 *
 * @param cursor the cursor of this page of the list; null on the first
 */
record CompetitionListModel(
        Page<CompetitionView> competitions,
        Search search,
        @Nullable String cursor,
        FieldErrors errors,
        String done) {

    /** The address of the list with its filters; a cursor parameter can be appended. */
    public String base() {
        return "/?" + search.query() + "&";
    }

    /** The default order. By start, competitions long past would come first. */
    static final Sort DEFAULT_SORT = Sort.CREATED_AT_DESCENDING;

    private static final List<Map.Entry<String, String>> SORTS = List.of(
            sort(Sort.CREATED_AT_DESCENDING, "Newest first"),
            sort(Sort.REG_DEADLINE, "Closing first"),
            sort(Sort.STARTS_AT, "Starting first"),
            sort(Sort.STARTS_AT_DESCENDING, "Starting last"));

    private static Map.Entry<String, String> sort(Sort sort, String label) {
        return Map.entry(sort.toString(), label);
    }

    /** The filters as the visitor entered them; an empty text is no filter. */
    record Search(String q, String tag, String status, String sort) {

        /** The statuses to choose from. */
        public List<String> statuses() {
            return CompetitionStatus.ALL.stream()
                    .map(CompetitionStatus::toString)
                    .toList();
        }

        /** The orders to choose from, by their API name, with their labels. */
        public List<Map.Entry<String, String>> sorts() {
            return SORTS;
        }

        public boolean isAny() {
            return !(q + tag + status).isEmpty();
        }

        /** The filters as a query string, for links to other pages of the list. */
        public String query() {
            return "q=" + encode(q) + "&tag=" + encode(tag) + "&status=" + encode(status) + "&sort=" + encode(sort);
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}

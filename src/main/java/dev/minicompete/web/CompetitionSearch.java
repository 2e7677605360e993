package dev.minicompete.web;

import dev.minicompete.competition.CompetitionQuery.Sort;
import dev.minicompete.competition.CompetitionStatus;
import java.util.List;
import java.util.Map;

/** The filters of the competitions page as the visitor entered them; an empty text is no filter. */
record CompetitionSearch(String q, String tag, String status, String sort) {

    /** The default order. By start, competitions long past would come first. */
    static final Sort DEFAULT_SORT = Sort.CREATED_AT_DESCENDING;

    private static final List<Map.Entry<String, String>> SORTS = List.of(
            Map.entry(Sort.CREATED_AT_DESCENDING.toString(), "Newest first"),
            Map.entry(Sort.REG_DEADLINE.toString(), "Closing first"),
            Map.entry(Sort.STARTS_AT.toString(), "Starting first"),
            Map.entry(Sort.STARTS_AT_DESCENDING.toString(), "Starting last"));

    /** The statuses to choose from. */
    public List<String> statuses() {
        return CompetitionStatus.ALL.stream().map(CompetitionStatus::toString).toList();
    }

    /** The orders to choose from, by their API name, with their labels. */
    public List<Map.Entry<String, String>> sorts() {
        return SORTS;
    }

    public boolean isAny() {
        return !(q + tag + status).isEmpty();
    }

    /** The address of the list with these filters; a cursor parameter can be appended. */
    public String base() {
        return "/?q=" + Labels.inQuery(q) + "&tag=" + Labels.inQuery(tag) + "&status=" + Labels.inQuery(status)
                + "&sort=" + Labels.inQuery(sort) + "&";
    }
}

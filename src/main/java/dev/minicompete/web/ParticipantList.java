package dev.minicompete.web;

import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.registration.ParticipantService;
import dev.minicompete.registration.ParticipantView;
import java.util.List;

/**
 * The participants page.
 *
 * @param q what is searched for, or an empty text
 * @param status that they must have, or an empty text
 * @param cursor where the page begins, or null for the first
 */
record ParticipantList(
        CompetitionView competition, Page<ParticipantView> participants, String q, String status, String cursor) {

    /** The address of the list with its search, to which a cursor can be added. */
    public String base() {
        return "/organizer/competitions/" + competition.id() + "/participants?q=" + Labels.inQuery(q) + "&status="
                + Labels.inQuery(status) + "&";
    }

    /** The statuses to choose from. */
    public List<String> statuses() {
        return ParticipantService.STATUSES;
    }
}

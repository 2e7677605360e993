package dev.minicompete.web;

import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.registration.ParticipantService;
import dev.minicompete.registration.ParticipantView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the participants page.
 *
 * @param q the search text, or an empty text
 * @param status the status filter, or an empty text
 * @param cursor the cursor of this page of the list; null on the first
 */
record ParticipantListModel(
        CompetitionView competition,
        Page<ParticipantView> participants,
        String q,
        String status,
        @Nullable String cursor) {

    /** The address of the list with its filters; a cursor parameter can be appended. */
    public String base() {
        return "/organizer/competitions/" + competition.id() + "/participants?q=" + Labels.inQuery(q) + "&status="
                + Labels.inQuery(status) + "&";
    }

    /** The statuses to choose from. */
    public List<String> statuses() {
        return ParticipantService.STATUSES;
    }
}

package dev.minicompete.web;

import dev.minicompete.competition.CompetitionService;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.registration.ParticipantService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Lists the participants of an organizer's own competition, as a page or as CSV. */
@Path("/organizer/competitions/{id}/participants")
@Page
@PermitAll
class ParticipantPages {

    private static final int SEARCH_LENGTH = 200;

    private final ParticipantService participants;
    private final CompetitionService competitions;
    private final Visitor visitor;

    ParticipantPages(ParticipantService participants, CompetitionService competitions, Visitor visitor) {
        this.participants = participants;
        this.competitions = competitions;
        this.visitor = visitor;
    }

    @GET
    public Uni<Response> list(
            @RestPath UUID id,
            @RestQuery @DefaultValue("") String q,
            @RestQuery @DefaultValue("") String status,
            @RestQuery @Nullable String cursor) {
        var text = q.isBlank()
                ? null
                : Parameters.text("q", q.strip().substring(0, Math.min(q.strip().length(), SEARCH_LENGTH)));
        var wanted = Parameters.oneOf("status", status.isEmpty() ? null : status, ParticipantService.STATUSES);
        var page = PageRequest.of(null, cursor, "participants", id, String.valueOf(wanted), String.valueOf(text));
        return participants
                .checkOrganizer(id, visitor.organizer().id())
                .chain(() -> competitions.find(id))
                .flatMap(found -> participants
                        .find(id, wanted, text, page)
                        .flatMap(rows ->
                                Html.page(Templates.participants(found, rows, new Search(id, q, status), cursor))));
    }

    @GET
    @Path("/csv")
    @Produces("text/csv")
    public Multi<String> csv(@RestPath UUID id, @RestQuery @Nullable String bom) {
        return participants.download(id, visitor.organizer().id(), Parameters.flag("bom", bom));
    }

    /** The filters as the organizer entered them; an empty text is no filter. */
    record Search(UUID competition, String q, String status) {

        /** The statuses to choose from. */
        public List<String> statuses() {
            return ParticipantService.STATUSES;
        }

        /** The address of the list with these filters; a cursor parameter can be appended. */
        public String base() {
            return "/organizer/competitions/" + competition + "/participants?q=" + Labels.inQuery(q) + "&status="
                    + Labels.inQuery(status) + "&";
        }
    }
}

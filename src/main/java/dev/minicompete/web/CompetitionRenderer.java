package dev.minicompete.web;

import dev.minicompete.competition.CompetitionService;
import dev.minicompete.registration.SeatAvailabilityRepository;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Renders the page of a competition, or only its registration panel. */
@Singleton
class CompetitionRenderer {

    private final CompetitionService competitions;
    private final SeatAvailabilityRepository availability;
    private final Visitor visitor;

    CompetitionRenderer(CompetitionService competitions, SeatAvailabilityRepository availability, Visitor visitor) {
        this.competitions = competitions;
        this.availability = availability;
        this.visitor = visitor;
    }

    /** The whole page. While a registration is in progress it reloads itself, without any script. */
    Uni<Response> page(int status, UUID id, String done, UnaryOperator<RegistrationPanel> change) {
        return competitions
                .find(id)
                .flatMap(competition -> find(id).map(change)
                        .flatMap(panel -> Html.page(status, Templates.competition(competition, panel, done))
                                .map(response -> panel.isInProgress()
                                        ? Response.fromResponse(response)
                                                .header("Refresh", "1;url=" + panel.pollAddress())
                                                .build()
                                        : response)));
    }

    /** The registration panel only, for htmx. */
    Uni<Response> panel(int status, UUID id, UnaryOperator<RegistrationPanel> change) {
        return find(id).map(change).flatMap(panel -> Html.page(status, Templates.panel(panel)));
    }

    /** The state of the registration panel for this visitor. */
    Uni<RegistrationPanel> find(UUID id) {
        return availability.find(id, visitor.idOrNull()).map(found -> RegistrationPanel.of(found, visitor));
    }
}

package dev.minicompete.web;

import dev.minicompete.competition.CompetitionService;
import dev.minicompete.registration.SeatAvailabilityRepository;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Shows a competition: the whole page, or the panel in it that says what can be done. */
@Singleton
class CompetitionPages {

    private final CompetitionService competitions;
    private final SeatAvailabilityRepository availability;
    private final Visitor visitor;

    CompetitionPages(CompetitionService competitions, SeatAvailabilityRepository availability, Visitor visitor) {
        this.competitions = competitions;
        this.availability = availability;
        this.visitor = visitor;
    }

    /** The whole page. While a registration is under way it looks again by itself, without any script. */
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

    /** The panel alone, for htmx. */
    Uni<Response> panel(int status, UUID id, UnaryOperator<RegistrationPanel> change) {
        return find(id).map(change).flatMap(panel -> Html.page(status, Templates.panel(panel)));
    }

    /** What the visitor can do now. */
    Uni<RegistrationPanel> find(UUID id) {
        return availability.find(id, visitor.idOrNull()).map(found -> RegistrationPanel.of(found, visitor));
    }
}

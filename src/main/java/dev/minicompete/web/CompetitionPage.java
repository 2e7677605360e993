package dev.minicompete.web;

import dev.minicompete.competition.CompetitionService;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.registration.SeatAvailabilityRepository;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Shows a competition with its registration panel, and updates open pages. */
@Path("/competitions/{id}")
@PermitAll
class CompetitionPage {

    private final CompetitionService competitions;
    private final SeatAvailabilityRepository availability;
    private final Visitor visitor;
    private final RoutingContext context;

    CompetitionPage(
            CompetitionService competitions,
            SeatAvailabilityRepository availability,
            Visitor visitor,
            RoutingContext context) {
        this.competitions = competitions;
        this.availability = availability;
        this.visitor = visitor;
        this.context = context;
    }

    /**
     * Shows a competition.
     *
     * @param done a code of {@link Labels}: what has just been done
     * @param attempt the idempotency key of a registration in progress; null when there is none
     * @param tries how often the page has reloaded to wait for that registration
     */
    @GET
    @Page
    public Uni<Response> show(
            @RestPath UUID id,
            @RestQuery @DefaultValue("") String done,
            @RestQuery @Nullable String attempt,
            @RestQuery @DefaultValue("1") int tries) {
        if (attempt == null) {
            return page(200, id, done, UnaryOperator.identity());
        }
        var key = IdempotencyKey.of(List.of(attempt)).text();
        return page(200, id, done, panel -> panel.inProgress(key, Math.max(1, tries)));
    }

    /**
     * Responds with the seats if they have changed, and with the panel if its state has changed; otherwise 204. Open pages poll
     * this every few seconds: it is one query. A {@link Page} annotation would cost another.
     *
     * @param seen {@link RegistrationPanel#seen} of the open page
     * @param member whether the visitor was logged in when the page was opened. If the session has ended since, the response
     *     is 204, so that the form keeps what is entered
     */
    @GET
    @Path("/live")
    public Uni<Response> live(@RestPath UUID id, @RestQuery @Nullable String seen, @RestQuery boolean member) {
        if (member && !visitor.isLoggedIn()) {
            return Html.nothing();
        }
        return find(id).flatMap(panel -> panel.seen().equals(seen)
                ? Html.nothing()
                : Html.page(Templates.live(panel, seen == null || !seen.startsWith(panel.state() + "."))));
    }

    /** Renders the whole page. While a registration is in progress it reloads itself, without any script. */
    Uni<Response> page(int status, UUID id, String done, UnaryOperator<RegistrationPanel> change) {
        return competitions
                .find(id)
                .flatMap(competition -> find(id).map(change).flatMap(panel -> {
                    if (panel.isInProgress()) {
                        context.response().putHeader("Refresh", "1;url=" + panel.pollAddress());
                    }
                    return Html.page(status, Templates.competition(competition, panel, done));
                }));
    }

    /** Renders the registration panel only, for htmx. */
    Uni<Response> panel(int status, UUID id, UnaryOperator<RegistrationPanel> change) {
        return find(id).map(change).flatMap(panel -> Html.page(status, Templates.panel(panel)));
    }

    private Uni<RegistrationPanel> find(UUID id) {
        return availability.find(id, visitor.idOrNull()).map(found -> RegistrationPanel.of(found, visitor));
    }
}

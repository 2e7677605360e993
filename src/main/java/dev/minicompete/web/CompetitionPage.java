package dev.minicompete.web;

import dev.minicompete.idempotency.IdempotencyKey;
import io.smallrye.mutiny.Uni;
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

/** The page of one competition. */
@Path("/competitions/{id}")
@Page
@PermitAll
class CompetitionPage {

    private final CompetitionRenderer pages;

    CompetitionPage(CompetitionRenderer pages) {
        this.pages = pages;
    }

    /**
     * Shows a competition.
     *
     * @param done a code of {@link Labels}: what has just been done
     * @param attempt the idempotency key of a registration in progress; null when there is none
     * @param tries how often the page has reloaded to wait for that registration
     */
    @GET
    public Uni<Response> show(
            @RestPath UUID id,
            @RestQuery @DefaultValue("") String done,
            @RestQuery @Nullable String attempt,
            @RestQuery @DefaultValue("1") int tries) {
        if (attempt == null) {
            return pages.page(200, id, done, UnaryOperator.identity());
        }
        var key = IdempotencyKey.of(List.of(attempt)).text();
        return pages.page(200, id, done, panel -> panel.inProgress(key, Math.max(1, tries)));
    }
}

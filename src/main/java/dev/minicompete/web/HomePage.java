package dev.minicompete.web;

import dev.minicompete.competition.CompetitionQuery;
import dev.minicompete.competition.CompetitionService;
import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The list of competitions, with its search. */
@Path("/")
@Page
@PermitAll
class HomePage {

    private final CompetitionService competitions;

    HomePage(CompetitionService competitions) {
        this.competitions = competitions;
    }

    @GET
    public Uni<Response> list(
            @RestQuery @DefaultValue("") String q,
            @RestQuery @DefaultValue("") String tag,
            @RestQuery @DefaultValue("") String status,
            @RestQuery @Nullable String sort,
            @RestQuery @Nullable String cursor,
            @RestQuery @DefaultValue("") String done) {
        var order = Objects.requireNonNullElse(filled(sort), CompetitionSearch.DEFAULT_SORT.toString());
        var nothing = new dev.minicompete.platform.http.paging.Page<CompetitionView>(List.of(), null);
        var search = new CompetitionSearch(q, tag, status, order);
        return Uni.createFrom()
                .deferred(() -> competitions.find(CompetitionQuery.of(
                        filled(q),
                        filled(tag),
                        Parameters.oneOf("status", filled(status), CompetitionStatus.ALL),
                        null,
                        Parameters.oneOf("sort", order, CompetitionQuery.Sort.ALL),
                        null,
                        filled(cursor))))
                .flatMap(found -> Html.page(Templates.home(found, search, filled(cursor), FieldErrors.NONE, done)))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> failure.type() == ProblemType.VALIDATION
                        ? Html.page(400, Templates.home(nothing, search, null, FieldErrors.of(failure.problem()), ""))
                        : Uni.createFrom().failure(failure));
    }

    private static @Nullable String filled(@Nullable String parameter) {
        return parameter == null || parameter.isBlank() ? null : parameter;
    }
}

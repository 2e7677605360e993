package dev.minicompete.web;

import dev.minicompete.competition.CompetitionQuery;
import dev.minicompete.competition.CompetitionService;
import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.web.CompetitionListModel.Search;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
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
            @RestQuery @Nullable String q,
            @RestQuery @Nullable String tag,
            @RestQuery @Nullable String status,
            @RestQuery @Nullable String sort,
            @RestQuery @Nullable String cursor,
            @RestQuery @Nullable String done) {
        var order = Objects.requireNonNullElse(filled(sort), CompetitionListModel.DEFAULT_SORT.toString());
        var search = new Search(text(q), text(tag), text(status), order);
        return Uni.createFrom()
                .deferred(() -> competitions.find(CompetitionQuery.of(
                        filled(q),
                        filled(tag),
                        Parameters.oneOf("status", filled(status), CompetitionStatus.ALL),
                        null,
                        Parameters.oneOf("sort", order, CompetitionQuery.Sort.ALL),
                        null,
                        filled(cursor))))
                .flatMap(found -> Html.page(Templates.home(
                        new CompetitionListModel(found, search, filled(cursor), FieldErrors.NONE, text(done)))))
                .onFailure(HomePage::isInvalid)
                .recoverWithUni(failure -> Html.page(
                        400,
                        Templates.home(new CompetitionListModel(
                                new dev.minicompete.platform.http.paging.Page<>(List.of(), null),
                                search,
                                null,
                                FieldErrors.of(((ProblemException) failure).problem()),
                                ""))));
    }

    private static boolean isInvalid(Throwable failure) {
        return failure instanceof ProblemException problem && problem.type() == ProblemType.VALIDATION;
    }

    private static String text(@Nullable String parameter) {
        return parameter == null ? "" : parameter;
    }

    private static @Nullable String filled(@Nullable String parameter) {
        return parameter == null || parameter.isBlank() ? null : parameter;
    }
}

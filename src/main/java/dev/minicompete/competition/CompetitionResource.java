package dev.minicompete.competition;

import dev.minicompete.platform.http.headers.EntityTags;
import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Creates, lists, shows, edits and cancels competitions. */
@Path("/api/competitions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Competitions")
class CompetitionResource {

    /** Caches may store the response but must revalidate it: the number of free seats changes every second. */
    private static final String REVALIDATE = "no-cache";

    private final CompetitionService service;
    private final Caller caller;

    CompetitionResource(CompetitionService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.ORGANIZER)
    @Operation(summary = "Publish a competition")
    @APIResponse(responseCode = "201", description = "The competition is published; its address is in Location")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + OpenApi.BODY)
    public Uni<RestResponse<CompetitionView>> create(CompetitionRequest request) {
        return service.create(caller.id(), request)
                .map(created -> ResponseBuilder.<CompetitionView>created(
                                URI.create("/api/competitions/" + created.id()))
                        .entity(created)
                        .header(HttpHeaders.ETAG, created.entityTag())
                        .build());
    }

    @GET
    @PermitAll
    @Operation(summary = "Find competitions", description = "The Link header with rel=next leads to the next page.")
    @APIResponse(responseCode = "200", description = "A page of competitions")
    @Extension(name = OpenApi.PROBLEMS, value = "validation")
    public Uni<Page<CompetitionView>> list(
            @RestQuery
                    @Parameter(description = "Words that the title or the description must contain, all of them")
                    @Nullable
                    String q,
            @RestQuery @Parameter(description = "A tag, in upper or lower case") @Nullable String tag,
            @RestQuery @Parameter(schema = @Schema(enumeration = {"open", "full", "closed", "cancelled"})) @Nullable
                    String status,
            @RestQuery @Parameter(schema = @Schema(type = SchemaType.STRING, format = "uuid")) @Nullable
                    String organizerId,
            @RestQuery
                    @Parameter(
                            schema =
                                    @Schema(
                                            enumeration = {"startsAt", "-startsAt", "regDeadline", "-createdAt"},
                                            defaultValue = "startsAt"))
                    @Nullable
                    String sort,
            @RestQuery
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "100",
                                            defaultValue = "20"))
                    @Nullable
                    String limit,
            @RestQuery @Parameter(description = "nextCursor of the previous page") @Nullable String cursor) {
        return service.find(CompetitionQuery.of(
                q,
                tag,
                Parameters.oneOf("status", status, CompetitionStatus.ALL),
                Parameters.queryId("organizerId", organizerId),
                Parameters.oneOf("sort", sort, CompetitionQuery.Sort.ALL),
                limit,
                cursor));
    }

    @GET
    @Path("/{id}")
    @PermitAll
    @Operation(summary = "Show a competition")
    @APIResponse(responseCode = "200", description = "The competition")
    @APIResponse(responseCode = "304", description = "The competition still has an entity tag of If-None-Match")
    @Extension(name = OpenApi.PROBLEMS, value = "not-found")
    public Uni<RestResponse<CompetitionView>> get(@RestPath UUID id, @Context HttpHeaders headers) {
        return service.find(id).map(found -> {
            var unchanged = EntityTags.matches(headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH), found.entityTag());
            return (unchanged ? ResponseBuilder.<CompetitionView>notModified() : ResponseBuilder.ok(found))
                    .header(HttpHeaders.ETAG, found.entityTag())
                    .header(HttpHeaders.CACHE_CONTROL, REVALIDATE)
                    .build();
        });
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.WILDCARD)
    @Authenticated
    @Operation(
            summary = "Change a competition",
            description =
                    "A merge patch (RFC 7396). If-Match takes the version, such as \"3\", or the ETag; registrations"
                            + " never make an edit stale. A larger capacity promotes participants from the waitlist.")
    @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER, required = true, example = "\"3\"")
    @RequestBody(
            content =
                    @Content(
                            mediaType = CompetitionPatch.MEDIA_TYPE,
                            schema = @Schema(implementation = CompetitionRequest.class)))
    @APIResponse(responseCode = "200", description = "The competition is changed")
    @Extension(
            name = OpenApi.PROBLEMS,
            value = OpenApi.ROLE + OpenApi.BODY + "not-found precondition-required stale-version competition-cancelled"
                    + " capacity-below-registrations waitlist-not-empty")
    public Uni<RestResponse<CompetitionView>> edit(@RestPath UUID id, @Context HttpHeaders headers, byte[] body) {
        var patch = new CompetitionPatch(headers.getMediaType(), headers.getRequestHeader(HttpHeaders.IF_MATCH), body);
        return service.edit(caller, id, patch).map(CompetitionResource::withEntityTag);
    }

    @POST
    @Path("/{id}/cancel")
    @Authenticated
    @Operation(
            summary = "Cancel a competition",
            description =
                    "Every confirmed or waitlisted participant gets one mail. Repeating the call changes nothing.")
    @APIResponse(responseCode = "200", description = "The competition is cancelled")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found")
    public Uni<RestResponse<CompetitionView>> cancel(@RestPath UUID id) {
        return service.cancel(caller, id).map(CompetitionResource::withEntityTag);
    }

    private static RestResponse<CompetitionView> withEntityTag(CompetitionView competition) {
        return ResponseBuilder.ok(competition)
                .header(HttpHeaders.ETAG, competition.entityTag())
                .build();
    }
}

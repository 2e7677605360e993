package dev.minicompete.competition;

import dev.minicompete.platform.http.openapi.OpenApi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** The calendar file of a competition. */
@Path("/api/competitions/{id}/calendar.ics")
@Tag(name = "Competitions")
class CalendarResource {

    private final CompetitionService service;

    CalendarResource(CompetitionService service) {
        this.service = service;
    }

    @GET
    @Produces("text/calendar;charset=UTF-8")
    @PermitAll
    @Operation(summary = "Download a competition as a calendar file (RFC 5545)")
    @APIResponse(responseCode = "200", description = "An iCalendar object with one event")
    @Extension(name = OpenApi.PROBLEMS, value = "not-found")
    public Uni<RestResponse<String>> calendar(@RestPath UUID id) {
        return service.calendar(id)
                .map(file -> ResponseBuilder.ok(file)
                        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"competition-" + id + ".ics\"")
                        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                        .build());
    }
}

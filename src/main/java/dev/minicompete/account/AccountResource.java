package dev.minicompete.account;

import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Sign-up, log-in and the caller's own account. */
@Path("/api/auth")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Accounts")
class AccountResource {

    private final AccountService service;
    private final Caller caller;

    AccountResource(AccountService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    @POST
    @Path("/signup")
    @Consumes(MediaType.WILDCARD)
    @ResponseStatus(201)
    @PermitAll
    @Operation(summary = "Sign up as an organizer or a participant, and be logged in")
    @APIResponse(responseCode = "201", description = "The account exists now, and this is its first session")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.BODY + "email-taken")
    public Uni<Session> signUp(SignupRequest request) {
        return service.signUp(request.checked());
    }

    @POST
    @Path("/login")
    @Consumes(MediaType.WILDCARD)
    @PermitAll
    @Operation(summary = "Log in")
    @APIResponse(responseCode = "200", description = "A new session")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.BODY + "bad-credentials too-many-requests")
    public Uni<Session> logIn(@Context HttpServerRequest http, LoginRequest request) {
        return service.logIn(request.checked(), http.remoteAddress().hostAddress());
    }

    @GET
    @Path("/me")
    @Authenticated
    @Operation(summary = "Show one's own account")
    @APIResponse(responseCode = "200", description = "The account that the token was given to")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.TOKEN)
    public Uni<Account> me() {
        return service.find(caller.id());
    }
}

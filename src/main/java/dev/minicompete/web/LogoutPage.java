package dev.minicompete.web;

import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Logs the visitor out by deleting the session cookie. The token that was in it stays valid until it expires. */
@Path("/logout")
@Page
@PermitAll
class LogoutPage {

    private final RoutingContext context;

    LogoutPage(RoutingContext context) {
        this.context = context;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response logOut() {
        Cookies.logOut(context);
        return Html.redirect("/?done=logged-out");
    }
}

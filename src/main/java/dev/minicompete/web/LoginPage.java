package dev.minicompete.web;

import dev.minicompete.account.AccountService;
import dev.minicompete.account.LoginRequest;
import dev.minicompete.account.Session;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.security.Role;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Logs a visitor in. */
@Path("/login")
@Page
@PermitAll
class LoginPage {

    private final AccountService accounts;
    private final Visitor visitor;
    private final Form form;
    private final RoutingContext context;

    LoginPage(AccountService accounts, Visitor visitor, Form form, RoutingContext context) {
        this.accounts = accounts;
        this.visitor = visitor;
        this.form = form;
        this.context = context;
    }

    @GET
    public Uni<Response> show(@RestQuery @Nullable String next) {
        var target = LocalPath.of(next).orElse("/");
        return visitor.isLoggedIn()
                ? Html.seeOther(target)
                : Html.page(Templates.login(new LoginModel("", target, null, FieldErrors.NONE, null)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> logIn() {
        var request = new LoginRequest(form.filled("email"), form.text("password"));
        var address = context.request().remoteAddress().hostAddress();
        return Uni.createFrom()
                .deferred(() -> accounts.logIn(request.checked(), address))
                .flatMap(this::enter)
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> refuse((ProblemException) failure));
    }

    private Uni<Response> enter(Session session) {
        Cookies.logIn(context, session);
        var resume = PendingForm.in(form);
        if (resume != null) {
            return Html.page(Templates.resume(resume));
        }
        var home = session.user().role() == Role.ORGANIZER ? "/organizer/competitions" : "/";
        var next = LocalPath.of(form.text("next")).orElse("/");
        return Html.seeOther(next.equals("/") ? home : next);
    }

    private Uni<Response> refuse(ProblemException failure) {
        var problem = failure.problem();
        var errors = FieldErrors.of(problem);
        var retry = failure.headers().get("Retry-After");
        var wait = retry == null ? "" : " You can try again in " + retry + " seconds.";
        var page = new LoginModel(
                form.text("email"),
                LocalPath.of(form.text("next")).orElse("/"),
                errors.isEmpty() ? problem.detail() + wait : null,
                errors,
                PendingForm.in(form));
        return Html.page(problem.status(), Templates.login(page))
                .map(response -> retry == null
                        ? response
                        : Response.fromResponse(response)
                                .header("Retry-After", retry)
                                .build());
    }
}

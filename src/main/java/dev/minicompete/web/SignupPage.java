package dev.minicompete.web;

import dev.minicompete.account.AccountService;
import dev.minicompete.account.Session;
import dev.minicompete.account.SignupRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
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

/** Creates an account and logs it in. */
@Path("/signup")
@Page
@PermitAll
class SignupPage {

    private final AccountService accounts;
    private final Visitor visitor;
    private final Form form;
    private final RoutingContext context;

    SignupPage(AccountService accounts, Visitor visitor, Form form, RoutingContext context) {
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
                : Html.page(Templates.signup(
                        new SignupModel("", "", Role.Names.PARTICIPANT, target, null, FieldErrors.NONE)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> signUp() {
        var request = new SignupRequest(
                form.filled("name"), form.filled("email"), filledVerbatim("password"), form.filled("role"));
        return Uni.createFrom()
                .deferred(() -> accounts.signUp(request.checked()))
                .map(this::enter)
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> refuse((ProblemException) failure));
    }

    /** A password may consist of spaces. */
    private @Nullable String filledVerbatim(String name) {
        var text = form.text(name);
        return text == null || text.isEmpty() ? null : text;
    }

    private Response enter(Session session) {
        Cookies.logIn(context, session);
        var home = session.user().role() == Role.ORGANIZER ? "/organizer/competitions" : "/";
        var next = LocalPath.of(form.text("next")).orElse("/");
        return Html.redirect(next.equals("/") ? home + "?done=signed-up" : next);
    }

    private Uni<Response> refuse(ProblemException failure) {
        var problem = failure.problem();
        var errors = failure.type() == ProblemType.EMAIL_TAKEN
                ? FieldErrors.of("email", "already has an account; log in instead")
                : FieldErrors.of(problem);
        var page = new SignupModel(
                form.text("name"),
                form.text("email"),
                form.text("role"),
                LocalPath.of(form.text("next")).orElse("/"),
                errors.isEmpty() ? problem.detail() : null,
                errors);
        return Html.page(problem.status(), Templates.signup(page));
    }
}

package dev.minicompete.web;

import dev.minicompete.account.AccountService;
import dev.minicompete.account.LoginRequest;
import dev.minicompete.account.Session;
import dev.minicompete.account.SignupRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.security.Role;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Creates accounts, and logs visitors in and out. */
@Path("/")
@Page
@PermitAll
class AccountPages {

    private static final String SESSION_EXPIRED = "Your session had expired when you sent it.";

    private final AccountService accounts;
    private final Visitor visitor;
    private final Form form;
    private final RoutingContext context;

    AccountPages(AccountService accounts, Visitor visitor, Form form, RoutingContext context) {
        this.accounts = accounts;
        this.visitor = visitor;
        this.form = form;
        this.context = context;
    }

    @GET
    @Path("/login")
    public Uni<Response> showLogin(@RestQuery @Nullable String next) {
        return show(next, Templates::login);
    }

    @GET
    @Path("/signup")
    public Uni<Response> showSignup(@RestQuery @Nullable String next) {
        return show(next, Templates::signup);
    }

    /** Creates a session, and offers to send the form that was kept while there was none. */
    @POST
    @Path("/login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> logIn() {
        var request = new LoginRequest(form.filled("email"), form.text("password"));
        var address = context.request().remoteAddress().hostAddress();
        var pending = PendingForm.in(form);
        return Uni.createFrom()
                .deferred(() -> accounts.logIn(request.checked(), address))
                .invoke(session -> Cookies.logIn(context, session))
                .flatMap(session -> pending == null
                        ? Html.seeOther(target(session, ""))
                        : Html.page(Templates.resume(pending, SESSION_EXPIRED)))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> showAgain(failure, Templates::login));
    }

    /** Creates an account and its session. */
    @POST
    @Path("/signup")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> signUp() {
        var request = new SignupRequest(
                form.filled("name"), form.filled("email"), form.nonEmpty("password"), form.filled("role"));
        return Uni.createFrom()
                .deferred(() -> accounts.signUp(request.checked()))
                .invoke(session -> Cookies.logIn(context, session))
                .map(session -> Html.redirect(target(session, "?done=signed-up")))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> showAgain(failure, Templates::signup));
    }

    /** Deletes the session cookie. The token that was in it stays valid until it expires. */
    @POST
    @Path("/logout")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response logOut() {
        Cookies.logOut(context);
        return Html.redirect("/?done=logged-out");
    }

    private Uni<Response> show(@Nullable String next, Function<AccountForm, TemplateInstance> page) {
        var target = LocalPath.of(next).orElse("/");
        return visitor.isLoggedIn()
                ? Html.seeOther(target)
                : Html.page(page.apply(AccountForm.empty(target, null, null)));
    }

    /** The path that the form names, or the first page of the account's role with this query. */
    private String target(Session session, String query) {
        var home = session.user().role() == Role.ORGANIZER ? "/organizer/competitions" : "/";
        var next = LocalPath.of(form.text("next")).orElse("/");
        return next.equals("/") ? home + query : next;
    }

    private Uni<Response> showAgain(ProblemException failure, Function<AccountForm, TemplateInstance> page) {
        var problem = failure.problem();
        var errors = failure.type() == ProblemType.EMAIL_TAKEN
                ? FieldErrors.of("email", "This e-mail address already has an account; log in instead.")
                : FieldErrors.of(problem);
        var message = errors.all().isEmpty() ? problem.detail() : null;
        var delay = failure.headers().get(HttpHeaders.RETRY_AFTER);
        if (delay != null) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, delay);
            message = problem.detail() + " You can try again in " + delay + " seconds.";
        }
        return Html.page(problem.status(), page.apply(AccountForm.of(form, message, errors)));
    }
}

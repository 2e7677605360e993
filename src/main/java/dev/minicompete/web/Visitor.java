package dev.minicompete.web;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import dev.minicompete.platform.security.TokenReader;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.UUID;

/**
 * Who looks at the page, as the session cookie says. The API knows nothing of this: there the cookie opens nothing. A page
 * gets at an account's id only by asking for it, and so cannot forget to ask for the role.
 */
@RequestScoped
@Named("visitor")
public class Visitor {

    private final RoutingContext context;
    private final VisitorSummary greetings;
    private Optional<Caller> caller;
    private VisitorSummary.Greeting greeting;

    Visitor(RoutingContext context, TokenReader tokens, VisitorSummary greetings) {
        this.context = context;
        this.greetings = greetings;
        this.caller = Optional.ofNullable(context)
                .map(request -> Cookies.read(request, Cookies.SESSION))
                .flatMap(tokens::read);
    }

    /** Learns what the page's head says of the visitor. A session whose account is gone ends here. */
    Uni<Void> greet() {
        if (caller.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return greetings
                .find(caller.get().id())
                .invoke(found -> {
                    if (found == null) {
                        Cookies.logOut(context);
                        caller = Optional.empty();
                    }
                    greeting = found;
                })
                .replaceWithVoid();
    }

    /** Anybody who is logged in; otherwise the page leads to the login. */
    Caller member() {
        return caller.orElseThrow(ProblemException::authenticationRequired);
    }

    /** The id of a participant; anybody else is turned away. */
    UUID participant() {
        return as(Role.PARTICIPANT).id();
    }

    /** An organizer; anybody else is turned away. */
    Caller organizer() {
        return as(Role.ORGANIZER);
    }

    private Caller as(Role role) {
        var member = member();
        if (!member.is(role)) {
            throw ProblemException.wrongRole();
        }
        return member;
    }

    /** The visitor's account, or null. */
    UUID idOrNull() {
        return caller.map(Caller::id).orElse(null);
    }

    public boolean isLoggedIn() {
        return caller.isPresent();
    }

    public boolean isParticipant() {
        return caller.filter(member -> member.is(Role.PARTICIPANT)).isPresent();
    }

    public boolean isOrganizer() {
        return caller.filter(member -> member.is(Role.ORGANIZER)).isPresent();
    }

    /** The visitor's name, as far as it is known. */
    public String name() {
        return greeting == null ? "" : greeting.name();
    }

    /** Unread mails; counts no further than {@link VisitorSummary#MANY}. */
    public int unread() {
        return greeting == null ? 0 : greeting.unread();
    }

    public String unreadText() {
        return unread() < VisitorSummary.MANY ? Integer.toString(unread()) : VisitorSummary.MANY - 1 + "+";
    }

    /** Whether this is the page, which tells where in the menu one is. */
    public boolean isExactly(String path) {
        return context.normalizedPath().equals(path);
    }

    /** Whether the page is one of these. */
    public boolean isAt(String beginning) {
        return context.normalizedPath().startsWith(beginning);
    }
}

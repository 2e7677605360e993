package dev.minicompete.web;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import dev.minicompete.platform.security.TokenVerifier;
import dev.minicompete.web.VisitorSummaryRepository.VisitorSummary;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The visitor of a page, authenticated by the session cookie. The API does not accept this cookie. Pages get the account's id
 * only from methods that check the role, so that no page can forget the check.
 */
@RequestScoped
@Named("visitor")
public class Visitor {

    private final RoutingContext context;
    private final VisitorSummaryRepository summaries;
    private Optional<Caller> caller;
    private @Nullable VisitorSummary summary;

    Visitor(RoutingContext context, TokenVerifier tokens, VisitorSummaryRepository summaries) {
        this.context = context;
        this.summaries = summaries;
        this.caller = Optional.ofNullable(context)
                .map(request -> Cookies.read(request, Cookies.SESSION))
                .flatMap(tokens::read);
    }

    /** Loads the name and the unread mails for the page's header. Ends the session if its account no longer exists. */
    Uni<Void> load() {
        if (caller.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return summaries
                .find(caller.get().id())
                .invoke(found -> {
                    if (found == null) {
                        Cookies.logOut(context);
                        caller = Optional.empty();
                    }
                    summary = found;
                })
                .replaceWithVoid();
    }

    /** The account, of any role; throws {@code authentication-required}, which leads to the log-in page. */
    Caller member() {
        return caller.orElseThrow(ProblemException::authenticationRequired);
    }

    /** The id of a participant; throws {@code authentication-required} or {@code forbidden}. */
    UUID participant() {
        return as(Role.PARTICIPANT).id();
    }

    /** An organizer; throws {@code authentication-required} or {@code forbidden}. */
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

    /** The id of the account; null when nobody is logged in. */
    @Nullable
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

    /** The visitor's name; empty when nobody is logged in. */
    public String name() {
        return summary == null ? "" : summary.name();
    }

    /** The number of unread mails, at most {@link VisitorSummaryRepository#MAXIMUM_UNREAD}. */
    public int unread() {
        return summary == null ? 0 : summary.unread();
    }

    public String unreadText() {
        return unread() < VisitorSummaryRepository.MAXIMUM_UNREAD
                ? Integer.toString(unread())
                : VisitorSummaryRepository.MAXIMUM_UNREAD - 1 + "+";
    }

    /** Whether the page has this path, for the current entry of the menu. */
    public boolean isExactly(String path) {
        return context.normalizedPath().equals(path);
    }

    /** Whether the path of the page begins so. */
    public boolean isAt(String prefix) {
        return context.normalizedPath().startsWith(prefix);
    }
}

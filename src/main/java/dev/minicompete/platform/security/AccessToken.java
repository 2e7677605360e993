package dev.minicompete.platform.security;

import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import java.util.Collection;
import java.util.Set;
import org.eclipse.microprofile.jwt.Claims;

/** An access token that was verified: whose it is and what they may. No other claim matters to anybody after that. */
final class AccessToken extends JWTCallerPrincipal {

    private final String subject;
    private final Set<String> groups;

    AccessToken(String token, String subject, Set<String> groups) {
        super(token, "JWT");
        this.subject = subject;
        this.groups = groups;
    }

    @Override
    protected Collection<String> doGetClaimNames() {
        return Set.of(Claims.sub.name(), Claims.groups.name());
    }

    @Override
    protected Object getClaimValue(String name) {
        if (name.equals(Claims.sub.name())) {
            return subject;
        }
        return name.equals(Claims.groups.name()) ? groups : null;
    }

    @Override
    public String getName() {
        return subject;
    }

    @Override
    public String getSubject() {
        return subject;
    }

    @Override
    public Set<String> getGroups() {
        return groups;
    }
}

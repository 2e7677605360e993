package dev.minicompete.platform.security;

import java.security.Principal;
import java.util.UUID;

/**
 * What an access token says that was verified.
 *
 * @param account the account that the token was issued to
 * @param expiresAt in seconds since the epoch
 */
record TokenPrincipal(UUID account, Role role, long expiresAt) implements Principal {

    @Override
    public String getName() {
        return account.toString();
    }
}

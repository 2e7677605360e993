package dev.minicompete.account;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A session: the answer to sign-up and log-in.
 *
 * @param expiresIn the token's lifetime in seconds
 */
public record Session(
        String accessToken,
        @Schema(enumeration = "Bearer") String tokenType,
        @Schema(examples = "3600") long expiresIn,
        Account user) {

    /** Records print their components; a token belongs in no log. */
    @Override
    public String toString() {
        return "Session[" + user + "]";
    }
}

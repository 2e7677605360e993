package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Changing the signing key ends no session. */
class KeyRotationIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @TempDir
    private Path directory;

    @Test
    void tokensOfPreviousKeyAreAcceptedUntilItIsRemoved() throws Exception {
        var old = key("old.pem");
        var next = key("new.pem");
        var oldPublic = publicPem(old.publicKey(), "old\\public.pem").toString();
        var newPublic = publicPem(next.publicKey(), "new\\public.pem").toString();
        // Every process is given the new public key before the first one signs with it.
        var before = cluster.start(
                Map.of("JWT_PRIVATE_KEY_FILE", file("old.pem"), "JWT_PREVIOUS_PUBLIC_KEY_FILES", newPublic));
        var after = cluster.start(
                Map.of("JWT_PRIVATE_KEY_FILE", file("new.pem"), "JWT_PREVIOUS_PUBLIC_KEY_FILES", oldPublic));
        var oldToken = signUp(before);
        var newToken = signUp(after);
        assertThat(keyId(oldToken)).isEqualTo(old.keyId());
        assertThat(keyId(newToken)).isEqualTo(next.keyId());
        for (var process : new ProductionProcess[] {before, after}) {
            assertThat(me(process, oldToken)).isEqualTo(200);
            assertThat(me(process, newToken)).isEqualTo(200);
            var keys = Http.get(process.api().resolve("/.well-known/jwks.json")).json();
            assertThat(keys.path("keys").findValuesAsText("kid")).containsExactlyInAnyOrder(old.keyId(), next.keyId());
            assertThat(keys.toString()).doesNotContain("\"d\"", "\"p\"", "\"q\"");
        }
        // A token is rejected that another key than its kid's has signed.
        var forged = next.unsigned(next.claims(UUID.randomUUID(), "organizer"), "RS256");
        forged.setKeyIdHeaderValue(next.keyId());
        forged.setKey(old.privateKey());
        assertThat(me(after, TestTokens.serialize(forged))).isEqualTo(401);

        cluster.killAll();
        var alone = cluster.start(Map.of("JWT_PRIVATE_KEY_FILE", file("new.pem")));
        assertThat(me(alone, newToken)).isEqualTo(200);
        assertThat(me(alone, oldToken)).isEqualTo(401);
    }

    private TestTokens key(String name) throws Exception {
        TestTokens.createKey(directory.resolve(name));
        return new TestTokens(directory.resolve(name));
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private Path publicPem(PublicKey key, String name) throws Exception {
        var der = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        return Files.writeString(
                directory.resolve(name), "-----BEGIN PUBLIC KEY-----\n" + der + "\n-----END PUBLIC KEY-----\n");
    }

    private static String signUp(ProductionProcess process) {
        return Http.post(process.api().resolve("/api/auth/signup"), """
                        {"name":"A","email":"%s@example.com","password":"pass123","role":"organizer"}""".formatted(UUID.randomUUID()))
                .json()
                .path("accessToken")
                .asText();
    }

    private static String keyId(String token) throws Exception {
        var header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(header)
                .path("kid")
                .asText();
    }

    private static int me(ProductionProcess process, String token) {
        return Http.get(process.api().resolve("/api/auth/me"), token).status();
    }
}

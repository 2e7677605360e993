package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    @ParameterizedTest
    @ValueSource(strings = {"pass123", "  spaced  ", "e\u0301", "😀", "a\u0000b"})
    void passwordMatchesItsOwnHashOnly(String password) {
        var hash = PasswordHash.of(password);
        assertThat(PasswordHash.matches(password, hash)).isTrue();
        assertThat(PasswordHash.matches(password + " ", hash)).isFalse();
        assertThat(PasswordHash.matches("", hash)).isFalse();
    }

    @Test
    void eachHashHasItsOwnSalt() {
        assertThat(PasswordHash.of("pass123")).isNotEqualTo(PasswordHash.of("pass123"));
    }

    @Test
    void noPasswordMatchesTheUnmatchableHash() {
        assertThat(PasswordHash.matches("", PasswordHash.UNMATCHABLE)).isFalse();
    }

    /** Made by the reference implementation: argon2 with -id -v 13, from the tests of phc-winner-argon2. */
    @Test
    void hashOfTheReferenceImplementationMatches() {
        var hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assertThat(PasswordHash.matches("password", hash)).isTrue();
        assertThat(PasswordHash.matches("Password", hash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pass123", "$2a$10$abc", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgL"})
    void malformedHashThrows(String stored) {
        assertThatThrownBy(() -> PasswordHash.matches("pass123", stored)).isInstanceOf(IllegalStateException.class);
    }
}

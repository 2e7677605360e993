package dev.minicompete.platform.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Access tokens and the hashing of passwords. */
@ConfigMapping(prefix = "auth")
interface SecurityConfig {

    Jwt jwt();

    Hashing hashing();

    /** Access tokens. */
    interface Jwt {

        /** The private key that signs; without it, outside production, one is made in {@link #developmentKeyFile}. */
        Optional<Path> privateKeyFile();

        /** Public keys whose private halves signed before; the tokens that they signed are still good. */
        Optional<List<Path>> previousPublicKeyFiles();

        /** Where the key of development is kept, so that tokens outlive a live reload. */
        @WithDefault("target/dev/jwt.pem")
        Path developmentKeyFile();

        String issuer();

        Duration ttl();
    }

    /** Passwords; one hash costs about 30 ms of one core and 19 MiB. */
    interface Hashing {

        /** Hashes at a time. Without a word, half as many as there are cores. */
        Optional<Integer> parallel();

        /** Hashes at a time. */
        default int atATime() {
            return parallel().orElseGet(() -> Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        }

        /** Hashes that may wait; more are refused. */
        @WithDefault("100")
        int waiting();
    }
}

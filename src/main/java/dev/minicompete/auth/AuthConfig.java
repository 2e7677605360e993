package dev.minicompete.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How accounts are guarded. */
@ConfigMapping(prefix = "auth")
interface AuthConfig {

    Jwt jwt();

    Hashing hashing();

    Logins logins();

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

    /** Failed logins that are suffered within a {@link #window}. */
    interface Logins {

        @WithDefault("PT1M")
        Duration window();

        @WithDefault("5")
        int perAccount();

        @WithDefault("50")
        int perAddress();
    }
}

package dev.minicompete.platform.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Settings of access tokens and password hashing. */
@ConfigMapping(prefix = "auth")
interface SecurityConfig {

    Jwt jwt();

    Hashing hashing();

    /** Access tokens. */
    interface Jwt {

        /** The private key that signs tokens. When it is unset outside production, one is created in {@link #developmentKeyFile}. */
        Optional<Path> privateKeyFile();

        /** Public keys of previous signing keys, whose tokens are still accepted; separated by commas. */
        Optional<String> previousPublicKeyFiles();

        /** The same, each on its own. SmallRye's lists would lose backslashes. */
        default List<Path> previousPublicKeys() {
            return Arrays.stream(previousPublicKeyFiles().orElse("").split(","))
                    .map(String::strip)
                    .filter(file -> !file.isEmpty())
                    .map(Path::of)
                    .toList();
        }

        /** Where the development key is kept, so that tokens outlive a live reload. */
        @WithDefault("target/dev/jwt.pem")
        Path developmentKeyFile();

        /** The {@code iss} claim of tokens. */
        String issuer();

        /** How long a new token is valid. */
        Duration ttl();
    }

    /** Password hashing; one hash costs about 30 ms of one core and 19 MiB. */
    interface Hashing {

        /** Hashes at a time; unset means half as many as there are cores. */
        Optional<Integer> parallel();

        /** Hashes at a time, with the default applied. */
        default int threads() {
            return parallel().orElseGet(() -> Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        }

        /** Hashes that may wait in the queue; more are refused. */
        @WithDefault("100")
        int waiting();
    }
}

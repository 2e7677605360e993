package dev.minicompete;

import dev.minicompete.auth.SigningKey;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.Config;
import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Optional;

/** Production's main class. It refuses to start without its secrets, in one line, before anything else has begun. */
@QuarkusMain
public class Main {

    public static void main(String... args) {
        var environment = new SmallRyeConfigBuilder()
                .addSystemSources()
                .withSources(new DotEnvConfigSourceProvider())
                .build();
        var refusal = refusal(environment);
        if (refusal.isPresent()) {
            System.err.println("Mini Compete does not start: " + refusal.get());
            System.exit(1);
        }
        Quarkus.run(args);
    }

    private static Optional<String> refusal(Config environment) {
        if (environment.getOptionalValue("DB_PASSWORD", String.class).isEmpty()) {
            return Optional.of("DB_PASSWORD is not set");
        }
        var keyFile = environment.getOptionalValue("JWT_PRIVATE_KEY_FILE", Path.class);
        if (keyFile.isEmpty()) {
            return Optional.of("JWT_PRIVATE_KEY_FILE is not set; README.md tells how to make a key");
        }
        try {
            SigningKey.read(keyFile.get());
            return Optional.empty();
        } catch (IllegalArgumentException unfit) {
            return Optional.of("JWT_PRIVATE_KEY_FILE: " + unfit.getMessage());
        }
    }
}

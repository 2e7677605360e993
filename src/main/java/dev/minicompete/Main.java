package dev.minicompete;

import dev.minicompete.auth.SigningKey;
import dev.minicompete.auth.VerificationKey;
import dev.minicompete.http.ConnectionGuard;
import dev.minicompete.http.Cors;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.Config;
import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
        ConnectionGuard.install();
        Quarkus.run(args);
    }

    private static Optional<String> refusal(Config environment) {
        if (environment.getOptionalValue("DB_PASSWORD", String.class).isEmpty()) {
            return Optional.of("DB_PASSWORD is not set");
        }
        var keyFile = environment.getOptionalValue("JWT_PRIVATE_KEY_FILE", String.class);
        if (keyFile.isEmpty()) {
            return Optional.of("JWT_PRIVATE_KEY_FILE is not set; README.md tells how to make a key");
        }
        return Stream.of(
                        unfit("JWT_PRIVATE_KEY_FILE", keyFile.stream(), file -> SigningKey.read(Path.of(file))),
                        unfit(
                                "JWT_PREVIOUS_PUBLIC_KEY_FILES",
                                list(environment, "JWT_PREVIOUS_PUBLIC_KEY_FILES"),
                                file -> VerificationKey.read(Path.of(file))),
                        unfit("CORS_ORIGINS", list(environment, "CORS_ORIGINS"), Cors::check))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Stream<String> list(Config environment, String variable) {
        return environment.getOptionalValues(variable, String.class).stream().flatMap(List::stream);
    }

    /** What the check has to say against one of the variable's values. */
    private static Optional<String> unfit(String variable, Stream<String> values, Consumer<String> check) {
        try {
            values.forEach(check);
            return Optional.empty();
        } catch (IllegalArgumentException refusal) {
            return Optional.of(variable + ": " + refusal.getMessage());
        }
    }
}

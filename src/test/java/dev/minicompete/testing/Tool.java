package dev.minicompete.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A program that some tests need and a JDK does not bring. */
public enum Tool {
    CHROMIUM(
            "chromium",
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    PGBOUNCER("pgbouncer", "/usr/sbin/pgbouncer");

    private final String debianPackage;
    private final String[] paths;

    Tool(String debianPackage, String... paths) {
        this.debianPackage = debianPackage;
        this.paths = paths;
    }

    /** Where it is. Without it the tests are skipped, and say why; with {@code CI} in the environment they fail. */
    public Path require() {
        return find().orElseGet(() -> {
            var missing = "%1$s is missing: install it (Debian: apt-get install %2$s) or name it by the variable %1$s."
                    .formatted(name(), debianPackage);
            if (System.getenv("CI") != null) {
                Assertions.fail(missing);
            }
            System.err.println("Skipped: " + missing);
            return Assumptions.abort(missing);
        });
    }

    private Optional<Path> find() {
        return Stream.concat(Stream.ofNullable(System.getenv(name())), Stream.of(paths))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }
}

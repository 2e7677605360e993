package dev.minicompete.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The variables that operators are told of. */
final class EnvironmentVariables {

    private static final Pattern ASSIGNMENT = Pattern.compile("^#?([A-Z][A-Z_]+)=", Pattern.MULTILINE);

    private EnvironmentVariables() {}

    /** All that {@code .env.example} names. */
    static Set<String> named() throws IOException {
        return ASSIGNMENT
                .matcher(Files.readString(Path.of(".env.example")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }
}

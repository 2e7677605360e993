package dev.minicompete.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The variables that operators are told of. */
final class EnvironmentVariables {

    private static final Pattern ASSIGNMENT = Pattern.compile("^#?([A-Z][A-Z_]+)=", Pattern.MULTILINE);

    /** Made on branches that are not merged yet; to go with them. */
    private static final Set<String> COMING = Set.of("MIGRATE_AT_START", "MIGRATE_ONLY");

    private EnvironmentVariables() {}

    /** All that may be set, wherever it is used. */
    static Set<String> documented() throws IOException {
        return Stream.concat(named().stream(), COMING.stream()).collect(Collectors.toSet());
    }

    /** All that {@code .env.example} names. */
    static Set<String> named() throws IOException {
        return ASSIGNMENT
                .matcher(Files.readString(Path.of(".env.example")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }
}

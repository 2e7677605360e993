package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example, the README and the application know the same variables. */
class EnvironmentVariablesTest {

    @Test
    void theReadmeHasEveryVariable() throws Exception {
        var table = Files.readString(Path.of("README.md"))
                .split("\n## Configuration\n")[1]
                .split("\n## ")[0];
        assertThat(Pattern.compile("`([A-Z][A-Z_]+)`")
                        .matcher(table)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(EnvironmentVariables.named());
    }

    @Test
    void theApplicationReadsEveryVariable() throws Exception {
        var read = Pattern.compile("\\$\\{([A-Z][A-Z_]+)[:}]")
                .matcher(Files.readString(Path.of("src/main/resources/application.properties")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(EnvironmentVariables.named()).isNotEmpty().isSubsetOf(read);
    }
}

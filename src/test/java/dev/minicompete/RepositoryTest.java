package dev.minicompete;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the repository says of its security is true, and it holds no secret. */
class RepositoryTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();

    /** Private keys and the tokens of well-known services. */
    private static final Pattern SECRET = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s*[A-Za-z0-9+/]{60}"
            + "|\\bAKIA[0-9A-Z]{16}\\b|\\bgh[pousr]_[A-Za-z0-9]{36}\\b|\\bglpat-[A-Za-z0-9_-]{20}\\b|\\bsk-[A-Za-z0-9]{40}"
            + "|\\bxox[abp]-[A-Za-z0-9-]{20}|\\beyJ[A-Za-z0-9_-]{30,}\\.eyJ[A-Za-z0-9_-]{30,}\\.[A-Za-z0-9_-]{40}");

    @Test
    void everyTestThatSecurityNamesIsThere() throws IOException {
        var named = matches("`(\\w+(?:Test|IT))`", "SECURITY.md").map(match -> match.group(1));
        var classes = files().stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".java"))
                .map(name -> name.substring(0, name.length() - ".java".length()))
                .collect(Collectors.toSet());
        assertThat(named.collect(Collectors.toSet())).hasSizeGreaterThan(10).isSubsetOf(classes);
    }

    @Test
    void noFileHoldsASecret() throws IOException {
        assertThat(files()).isNotEmpty().allSatisfy(file -> {
            assertThat(file.getFileName().toString()).doesNotMatch(".*\\.(pem|password)|\\.env");
            assertThat(SECRET.matcher(text(file)).find()).as(file.toString()).isFalse();
        });
    }

    @Test
    void theExampleOfTheEnvironmentHasNoSecrets() throws IOException {
        var secrets = matches("(?m)^#?([A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEY|KEY_FILES?))=(.*)$", ".env.example")
                .toList();
        assertThat(secrets).extracting(match -> match.group(1)).contains("DB_PASSWORD", "JWT_PRIVATE_KEY_FILE");
        assertThat(secrets)
                .allSatisfy(
                        match -> assertThat(match.group(2)).as(match.group(1)).isEmpty());
    }

    @Test
    void everyVariableIsExplained() throws IOException {
        var mapped = matches("\\$\\{([A-Z][A-Z_]+)[:}]", "src/main/resources/application.properties")
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        for (var document : List.of(".env.example", "README.md")) {
            assertThat(mapped)
                    .isNotEmpty()
                    .allSatisfy(variable -> assertThat(text(ROOT.resolve(document)))
                            .as(document)
                            .containsPattern("\\b" + variable + "\\b"));
        }
    }

    private static Stream<MatchResult> matches(String pattern, String file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(ROOT.resolve(file)))
                .results();
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a commit would hold: an operator's secrets lie beside the sources, and git ignores them. */
    private static List<Path> files() throws IOException {
        Assumptions.assumeThat(ROOT.resolve(".git")).as("a checkout").exists();
        var git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .redirectError(Redirect.INHERIT)
                .start();
        var names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\0");
        return Stream.of(names).map(ROOT::resolve).filter(Files::isRegularFile).toList();
    }
}

package dev.minicompete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the documents name exists, and the repository holds no secret. */
class RepositoryTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();

    private static final Path PROPERTIES = ROOT.resolve("src/main/resources/application.properties");

    /** Names of products, protocols and options that look like classes of this repository. */
    private static final Set<String> OTHER_NAMES = Set.of(
            "AtomicReference",
            "BigInteger",
            "ChannelInitializerExtension",
            "CloudNativePG",
            "ConfigMap",
            "ExecStart",
            "InlineSmallCode",
            "KiB",
            "LiveNodeCountInliningCutoff",
            "MaxInlineLevel",
            "MaxNodeLimit",
            "MemoryDenyWriteExecute",
            "MinHeapFreeRatio",
            "NetworkPolicies",
            "NetworkPolicy",
            "OpenAPI",
            "OpenTelemetry",
            "Origin",
            "PgBouncer",
            "PostgreSQL",
            "PreSync",
            "RestartCount",
            "Secure",
            "SecureRandom",
            "SurvivorRatio",
            "Tier3InvocationThreshold");

    /** Files that git ignores, and paths of other things. */
    private static final Pattern OTHER_PATHS = Pattern.compile("target/.*|\\.dev/|(docker/)?\\.env"
            + "|(docker/)?(\\w+\\.(pem|password))|app\\.aot(conf)?|(application|text|http)/.*|V<n>.*");

    /** Without these variables the code decides, by other values. */
    private static final Set<String> DEFAULTS_OF_CODE =
            Set.of("DB_PREPARED_STATEMENTS", "TRUSTED_PROXIES", "OTEL_EXPORTER_OTLP_ENDPOINT");

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
    private static final Pattern TEST_NAME = Pattern.compile("(?<![@\\w])[A-Z][a-z]\\w*(?:Test|IT)\\b");
    private static final Pattern CLASS_NAME =
            Pattern.compile("(?<type>[A-Z]\\w*[a-z]\\w*)(?:\\.(?<member>\\w+))?(?:=.*)?");
    private static final Pattern COMMENT = Pattern.compile("(?m)(?<=^|\\s)#[ !].*$");
    private static final Pattern FILE_NAME =
            Pattern.compile("(?<![\\w./@-])[\\w./-]*\\w\\.(?:md|ya?ml|sh|cfg|example|properties)\\b(?!\\.)");
    private static final Pattern CAMEL_CASE = Pattern.compile("\\b[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+\\b");
    private static final Pattern PATH = Pattern.compile("[\\w.-]+(?:/[\\w.-]+)*/?");
    private static final Pattern EXTENSION =
            Pattern.compile("\\.(md|java|sql|lua|properties|sh|cfg|ya?ml|service|html|txt|css|js|json|svg|sha256)$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");

    private final List<String> paths =
            files().stream().map(file -> "/" + path(file)).toList();

    /** Private keys and the tokens of well-known services. */
    private static final Pattern SECRET = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s*[A-Za-z0-9+/]{60}"
            + "|\\bAKIA[0-9A-Z]{16}\\b|\\bgh[pousr]_[A-Za-z0-9]{36}\\b|\\bglpat-[A-Za-z0-9_-]{20}\\b|\\bsk-[A-Za-z0-9]{40}"
            + "|\\bxox[abp]-[A-Za-z0-9-]{20}|\\beyJ[A-Za-z0-9_-]{30,}\\.eyJ[A-Za-z0-9_-]{30,}\\.[A-Za-z0-9_-]{40}");

    @Test
    void everyClassThatADocumentNamesExists() {
        var sources = sources();
        var unknown = new ArrayList<String>();
        for (var document : documents()) {
            TEST_NAME
                    .matcher(text(document))
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> !sources.containsKey(name))
                    .forEach(name -> unknown.add(path(document) + ": " + name));
            quoted(document)
                    .filter(name -> !isPath(name) && !isClass(name, sources))
                    .forEach(name -> unknown.add(path(document) + ": " + name));
        }
        assertThat(documents()).hasSizeGreaterThan(10);
        assertThat(unknown).isEmpty();
    }

    /** Whether this is a class of ours, or one of its members, or does not look like a class at all. */
    private static boolean isClass(String span, Map<String, String> sources) {
        var name = CLASS_NAME.matcher(span);
        if (!name.matches() || OTHER_NAMES.contains(name.group("type"))) {
            return true;
        }
        var source = sources.get(name.group("type"));
        return source != null
                && (name.group("member") == null
                        || Pattern.compile("\\b" + name.group("member") + "\\b")
                                .matcher(source)
                                .find());
    }

    @Test
    void everyFileThatADocumentNamesExists() {
        var unknown = new ArrayList<String>();
        for (var document : documents()) {
            quoted(document)
                    .filter(span -> PATH.matcher(span).matches()
                            && (span.contains("/") || EXTENSION.matcher(span).find()))
                    .filter(span -> !OTHER_PATHS.matcher(span).matches() && !isPath(span))
                    .forEach(span -> unknown.add(path(document) + ": " + span));
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyLinkLeadsToAFileAndASection() {
        var broken = new ArrayList<String>();
        for (var document : documents()) {
            LINK.matcher(CODE_BLOCK.matcher(text(document)).replaceAll(""))
                    .results()
                    .filter(link -> !link.group(1).startsWith("http") && !leadsSomewhere(document, link))
                    .forEach(link -> broken.add(path(document) + ": " + link.group()));
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path document, MatchResult link) {
        var target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
        return Files.exists(target)
                && (link.group(2) == null || sections(target).contains(link.group(2)));
    }

    /** As GitHub makes them of headings. */
    private static List<String> sections(Path document) {
        return Pattern.compile("(?m)^#+ (.+)$")
                .matcher(text(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\s-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** In comments names stand without quotes, so that only those of several words can be told from other words. */
    @Test
    void everyNameInACommentOfTheConfigurationExists() {
        var sources = sources();
        var unknown = new ArrayList<String>();
        var configuration = files().stream()
                .filter(file -> path(file).matches("docker/.*(?<!\\.md)|\\.env\\.example") || file.equals(PROPERTIES))
                .toList();
        for (var file : configuration) {
            var comments = COMMENT.matcher(text(file))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.joining("\n"));
            Stream.concat(
                            CAMEL_CASE
                                    .matcher(comments)
                                    .results()
                                    .map(MatchResult::group)
                                    .filter(name -> !sources.containsKey(name) && !OTHER_NAMES.contains(name)),
                            FILE_NAME
                                    .matcher(comments)
                                    .results()
                                    .map(match -> match.group().replace("../", ""))
                                    .filter(name -> !isPath(name)))
                    .forEach(name -> unknown.add(path(file) + ": " + name));
        }
        assertThat(configuration).hasSizeGreaterThan(20);
        assertThat(unknown).isEmpty();
    }

    @Test
    void theSectionsOfTheConfigurationAreThoseThatItsHeadNames() {
        var text = text(PROPERTIES);
        var named = Pattern.compile("Sections: ([^.]+)\\.").matcher(text);
        assertThat(named.find()).isTrue();
        assertThat(named.group(1).replaceAll("\\s*\\n# ", " ").split(", "))
                .containsExactlyElementsOf(Pattern.compile("(?m)^# --- ([\\w ]+) -+$")
                        .matcher(text)
                        .results()
                        .map(match -> match.group(1))
                        .toList());
    }

    @Test
    void noFileHoldsASecret() {
        assertThat(files()).isNotEmpty().allSatisfy(file -> {
            assertThat(file.getFileName().toString()).doesNotMatch(".*\\.(pem|password)|\\.env");
            assertThat(SECRET.matcher(text(file)).find()).as(file.toString()).isFalse();
        });
    }

    @Test
    void theExampleOfTheEnvironmentHasNoSecrets() {
        var secrets = matches("(?m)^#?([A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEY|KEY_FILES?))=(.*)$", ".env.example")
                .toList();
        assertThat(secrets).extracting(match -> match.group(1)).contains("DB_PASSWORD", "JWT_PRIVATE_KEY_FILE");
        assertThat(secrets)
                .allSatisfy(
                        match -> assertThat(match.group(2)).as(match.group(1)).isEmpty());
    }

    /** In the main code a variable is read by an expression of the configuration, or by its name in a string. */
    @Test
    void everyVariableThatTheCodeReadsIsExplained() {
        var mapped = matches("\\$\\{([A-Z][A-Z_]+)[:}]", "src/main/resources/application.properties")
                .map(match -> match.group(1));
        var read = files().stream()
                .filter(file -> path(file).startsWith("src/main/java/"))
                .map(RepositoryTest::text)
                .peek(code -> assertThat(code)
                        .as("read variables by the configuration")
                        .doesNotContain("getenv("))
                .flatMap(code -> Pattern.compile("\"([A-Z]+(?:_[A-Z]+)+|HOST|PORT)\"")
                        .matcher(code)
                        .results())
                .map(match -> match.group(1));
        var example = matches("(?m)^#?([A-Z][A-Z_]+)=", ".env.example")
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(Stream.concat(mapped, read).distinct())
                .hasSizeGreaterThan(30)
                .isSubsetOf(example);
    }

    /** These name programs, and are no business of an operator. */
    @Test
    void everyVariableOfTheTestsIsExplained() {
        assertThat(Tool.values())
                .allSatisfy(tool ->
                        assertThat(text(ROOT.resolve("CONTRIBUTING.md"))).contains("`" + tool.name() + "`"));
    }

    @Test
    void theExampleShowsTheDefaults() {
        var properties = text(PROPERTIES);
        assertThat(matches("(?m)^#([A-Z][A-Z_]+)=(.*)$", ".env.example")
                        .filter(shown -> !DEFAULTS_OF_CODE.contains(shown.group(1)))
                        .map(shown -> "${" + shown.group(1) + ":" + shown.group(2) + "}"))
                .hasSizeGreaterThan(30)
                .allMatch(properties::contains);
    }

    /** Every class of the main code, the tests and the benchmark with its source. */
    private static Map<String, String> sources() {
        return files().stream()
                .filter(file -> file.toString().endsWith(".java"))
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""),
                        RepositoryTest::text,
                        (one, other) -> one + other));
    }

    private static List<Path> documents() {
        return files().stream().filter(file -> file.toString().endsWith(".md")).toList();
    }

    /** What stands in backquotes, without blocks of code. */
    private static Stream<String> quoted(Path document) {
        return QUOTED.matcher(CODE_BLOCK.matcher(text(document)).replaceAll(""))
                .results()
                .map(match -> match.group(1));
    }

    /** Whether this is a file or a folder of the repository, or the end of its path. */
    private boolean isPath(String name) {
        var end = "/" + name;
        return paths.stream()
                .anyMatch(path -> path.endsWith(end) || path.contains(name.endsWith("/") ? end : end + "/"));
    }

    /** Relative, with slashes. */
    private static String path(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }

    private static Stream<MatchResult> matches(String pattern, String file) {
        return Pattern.compile(pattern).matcher(text(ROOT.resolve(file))).results();
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a commit would hold: an operator's secrets lie beside the sources, and git ignores them. */
    private static List<Path> files() {
        Assumptions.assumeThat(ROOT.resolve(".git")).as("a checkout").exists();
        try {
            var git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                    .redirectError(Redirect.INHERIT)
                    .start();
            var names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\0");
            return Stream.of(names)
                    .map(ROOT::resolve)
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

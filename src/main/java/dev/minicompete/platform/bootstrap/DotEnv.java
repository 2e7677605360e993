package dev.minicompete.platform.bootstrap;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a {@code .env} file as shells and Docker Compose do: with {@code export}, comments, and values in quotes. Single quotes
 * keep everything; double quotes have escapes; without quotes a comment begins at a # after white space. SmallRye reads such a
 * file as Java properties, so that quotes and comments belong to the values.
 */
public final class DotEnv {

    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?m)^[ \\t]*(?:export[ \\t]+)?(?<name>[\\w.]+)[ \\t]*=[ \\t]*"
                    + "(?:'(?<single>[^']*)'|\"(?<double>(?:\\\\.|[^\"\\\\])*)\"|(?<plain>.*?))"
                    + "(?:[ \\t]*(?<=[ \\t])#.*|[ \\t]*)$");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([nrt\"$`\\\\])");
    private static final Map<String, String> CONTROLS = Map.of("n", "\n", "r", "\r", "t", "\t");

    private static final Path FILE = Path.of(".env");

    /** Names the variables that a call of {@link #setProperties} has set; a live reload of dev mode is another call. */
    private static final String NAMES = "mini-compete.dot-env";

    private DotEnv() {}

    /**
     * Sets the variables of {@code .env} in the working directory as system properties, which Quarkus reads, except those that
     * the environment or another system property sets.
     *
     * @return the variables of all three sources
     * @throws IOException when the file cannot be read
     */
    public static SmallRyeConfig setProperties() throws IOException {
        Stream.of(System.getProperty(NAMES, "").split(" "))
                .filter(name -> !name.isEmpty())
                .forEach(System::clearProperty);
        // Without the third of SmallRye's system sources, which reads the file as Java properties.
        var variables = new SmallRyeConfigBuilder()
                .withSources(new SysPropConfigSource(), new EnvConfigSource() {})
                .build();
        var added = read(FILE);
        added.keySet().removeIf(variables::isPropertyPresent);
        added.forEach(System::setProperty);
        System.setProperty(NAMES, String.join(" ", added.keySet()));
        return variables;
    }

    /** The variables of the file; none when there is no file. */
    static Map<String, String> read(Path file) throws IOException {
        return Files.exists(file) ? parse(Files.readString(file)) : new HashMap<>();
    }

    static Map<String, String> parse(String text) {
        var variables = new HashMap<String, String>();
        var lines = ASSIGNMENT.matcher(text.replace("\r\n", "\n"));
        while (lines.find()) {
            variables.put(lines.group("name"), value(lines));
        }
        return variables;
    }

    private static String value(Matcher line) {
        if (line.group("single") != null) {
            return line.group("single");
        }
        if (line.group("double") != null) {
            return ESCAPE.matcher(line.group("double"))
                    .replaceAll(escape ->
                            Matcher.quoteReplacement(CONTROLS.getOrDefault(escape.group(1), escape.group(1))));
        }
        return line.group("plain");
    }
}

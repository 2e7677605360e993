package dev.minicompete.platform.bootstrap;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a {@code .env} file: UTF-8, with {@code NAME=value}, also after {@code export}, and comments. Single quotes keep
 * everything; double quotes have escapes; without quotes a comment begins at a # after white space. A file with anything else
 * is rejected. SmallRye reads such a file as Java properties, so that quotes and comments belong to the values.
 */
public final class DotEnv {

    private static final String NAME = "[ \\t]*+(?:export[ \\t]+)?(?<name>[\\w.]+)[ \\t]*=[ \\t]*+";

    private static final Pattern ASSIGNMENT = Pattern.compile("(?d)" + NAME
            + "(?:'(?<single>[^']*+)'|\"(?<double>[^\"\\\\]*+(?:\\\\(?s:.)[^\"\\\\]*+)*+)\"|(?!['\"])(?<plain>.*?))"
            + "(?:[ \\t]*(?<=[ \\t])#.*|[ \\t]*)(?:\\n|\\z)");

    private static final Pattern NOTHING = Pattern.compile("(?d)[ \\t]*+(?:#.*)?(?:\\n|\\z)");
    private static final Pattern QUOTE = Pattern.compile(NAME + "['\"]");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([nrt\"$`\\\\])");
    private static final Map<String, String> CONTROLS = Map.of("n", "\n", "r", "\r", "t", "\t");

    /** Some editors on Windows put it before the text. */
    private static final Pattern BYTE_ORDER_MARK = Pattern.compile("^\\uFEFF");

    /** Names the variables that a call of {@link #setProperties} has set; a live reload of dev mode is another call. */
    private static final String NAMES = "mini-compete.dot-env";

    private DotEnv() {}

    /**
     * Sets the variables of {@code .env} in the working directory as system properties, which Quarkus reads, except those that
     * the environment or another system property sets.
     *
     * @return the variables of all three sources
     * @throws IllegalArgumentException when the file cannot be read or is malformed; the message is one line and shows no value
     */
    public static SmallRyeConfig setProperties() {
        Stream.of(System.getProperty(NAMES, "").split(" "))
                .filter(name -> !name.isEmpty())
                .forEach(System::clearProperty);
        // Without the third of SmallRye's system sources, which reads the file as Java properties.
        var variables = new SmallRyeConfigBuilder()
                .withSources(new SysPropConfigSource(), new EnvConfigSource() {})
                .build();
        var added = read(Path.of(".env"));
        added.keySet().removeIf(variables::isPropertyPresent);
        added.forEach(System::setProperty);
        System.setProperty(NAMES, String.join(" ", added.keySet()));
        return variables;
    }

    /** The variables of the file; none when there is no file. */
    static Map<String, String> read(Path file) {
        try {
            return Files.exists(file) ? parse(Files.readString(file)) : new HashMap<>();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException(".env is not UTF-8", malformed);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(".env cannot be read: " + StartFailure.line(unreadable), unreadable);
        }
    }

    static Map<String, String> parse(String content) {
        var variables = new HashMap<String, String>();
        var text = BYTE_ORDER_MARK.matcher(content).replaceFirst("").replace("\r\n", "\n");
        var assignment = ASSIGNMENT.matcher(text);
        var nothing = NOTHING.matcher(text);
        for (var at = 0; at < text.length(); ) {
            if (assignment.region(at, text.length()).lookingAt()) {
                variables.put(assignment.group("name"), value(assignment));
                at = assignment.end();
            } else if (nothing.region(at, text.length()).lookingAt()) {
                at = nothing.end();
            } else {
                throw malformed(text, at);
            }
        }
        return variables;
    }

    private static IllegalArgumentException malformed(String text, int at) {
        var line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        var quoted = QUOTE.matcher(text).region(at, text.length()).lookingAt();
        return new IllegalArgumentException(".env, line " + line + ": "
                + (quoted
                        ? "the value begins with a quote but does not end with one"
                        : "neither NAME=value nor a comment"));
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

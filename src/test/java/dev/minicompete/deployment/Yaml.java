package dev.minicompete.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A value in a YAML file, looked into by its path. */
record Yaml(Object value) {

    static final Path DOCKER = Path.of("docker");

    /** All YAML files for operators. */
    static List<Path> files() {
        try (var files = Files.walk(DOCKER)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a file below {@code docker}. */
    static List<Yaml> read(String file) {
        return read(DOCKER.resolve(file));
    }

    static List<Yaml> read(Path file) {
        try {
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            var parser = new org.yaml.snakeyaml.Yaml(new SafeConstructor(options));
            return StreamSupport.stream(parser.loadAll(Files.readString(file)).spliterator(), false)
                    .map(Yaml::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there, whose value is null when there is nothing. */
    Yaml at(String... path) {
        var found = value;
        for (var name : path) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return new Yaml(found);
    }

    String text() {
        return value == null ? null : value.toString();
    }

    int number() {
        return ((Number) value).intValue();
    }

    /** The value that this has when the variable of Compose is not set: {@code ${API:-3}}. */
    String defaultOf(String variable) {
        return text().replaceFirst("^\\$\\{" + variable + ":-(.+)}$", "$1");
    }

    /** The members of a list, none when there is none. */
    Stream<Yaml> items() {
        return value instanceof List<?> list ? list.stream().map(Yaml::new) : Stream.empty();
    }

    /** The names of a map's members. */
    Stream<String> names() {
        return value instanceof Map<?, ?> map ? map.keySet().stream().map(Object::toString) : Stream.empty();
    }
}

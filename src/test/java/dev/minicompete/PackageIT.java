package dev.minicompete;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dev mode's servers are libraries of the application; this holds that the production package goes without them. */
class PackageIT {

    private static List<Path> jars;

    @BeforeAll
    static void findJars() throws IOException {
        // The second is what the native image is built from.
        try (Stream<Path> packages = Files.list(Path.of("target"))) {
            jars = packages.filter(path ->
                            path.endsWith("quarkus-app") || path.toString().endsWith("-source-jar"))
                    .flatMap(PackageIT::files)
                    .filter(file -> file.toString().endsWith(".jar"))
                    .toList();
        }
    }

    @Test
    void theApplicationIsInThePackage() {
        assertThat(jars)
                .anySatisfy(jar -> assertThat(jar.getFileName().toString()).startsWith("mini-compete"));
        assertThat(entries()).anyMatch(entry -> entry.matches("dev/minicompete/.*\\.class"));
        assertThat(entries()).anyMatch(entry -> entry.startsWith("io/vertx/redis/client/"));
    }

    @Test
    void noDevModeClassIsInThePackage() {
        assertThat(entries()).noneMatch(entry -> entry.startsWith("dev/minicompete/dev/"));
    }

    @Test
    void noEmbeddedServerIsInThePackage() {
        assertThat(jars)
                .extracting(jar -> jar.getFileName().toString())
                .noneMatch(name -> name.matches(".*(zonky|embedded|jedis).*"));
        assertThat(entries())
                .noneMatch(entry -> entry.startsWith("io/zonky/") || entry.startsWith("redis/embedded/"))
                .noneMatch(entry -> entry.endsWith(".txz") || entry.contains("redis-server"));
    }

    @Test
    void whatItIsMadeOfIsListed() throws IOException {
        var bom = new ObjectMapper().readTree(Path.of("target/bom.json").toFile());
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        var listed = bom.path("components").findValuesAsText("purl");
        var libraries = jars.stream()
                .filter(jar -> jar.toString().matches(".*(quarkus-app.lib.(main|boot)|-source-jar.lib).*"))
                .map(jar -> jar.getFileName().toString());
        assertThat(libraries)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(listed)
                        .as(name)
                        .anyMatch(purl -> name.contains(purl.replaceFirst("^.*/([^/]+)@([^?]+).*$", "$1-$2"))));
        assertThat(listed).noneMatch(purl -> purl.contains("/junit") || purl.contains("/rest-assured"));
    }

    private static List<String> entries() {
        return jars.stream().flatMap(PackageIT::entries).toList();
    }

    private static Stream<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

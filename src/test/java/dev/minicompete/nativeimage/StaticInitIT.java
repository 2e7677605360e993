package dev.minicompete.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Quarkus makes some beans while a native image is built. They hold no object of a running process and nothing of the machine
 * that builds: what they know is the same on each machine and at each time.
 */
class StaticInitIT {

    private static final Path APPLICATION = Path.of("target", "quarkus-app").toAbsolutePath();

    private static List<String> output;

    @BeforeAll
    static void initialize() throws Exception {
        output = run(classPath());
    }

    @Test
    void someBeansAreMadeAtBuildTime() {
        assertThat(beans()).isNotEmpty();
    }

    @Test
    void noBeanMadeAtBuildTimeReachesAnObjectOfARunningProcess() {
        assertThat(output).noneMatch(line -> line.startsWith("found "));
    }

    @Test
    void noBeanMadeAtBuildTimeIsComputedFromTheMachineThatBuilds() {
        var classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
        assertThat(beans().stream()
                        // Quarkus generates some, which only call those of the project.
                        .filter(classes::contain)
                        .flatMap(bean -> classes.get(bean).getConstructors().stream())
                        .flatMap(constructor -> RunTimeCalls.reachableFrom(constructor).stream()))
                .isEmpty();
    }

    private static List<String> beans() {
        return output.stream()
                .filter(line -> line.startsWith("bean "))
                .map(line -> line.substring("bean ".length()))
                .toList();
    }

    private static String classPath() throws IOException {
        try (Stream<Path> boot = Files.list(APPLICATION.resolve("lib/boot"))) {
            var entries = new ArrayList<>(boot.map(Path::toString).toList());
            entries.add(APPLICATION.resolve("quarkus-run.jar").toString());
            entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
            return String.join(File.pathSeparator, entries);
        }
    }

    private static List<String> run(String classPath) throws Exception {
        var log = Files.createDirectories(Path.of("target", "processes")).resolve("static-init.log");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        classPath,
                        StaticInit.class.getName(),
                        APPLICATION.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("it ends, see " + log)
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
            return Files.readAllLines(log);
        } finally {
            process.destroyForcibly();
        }
    }
}

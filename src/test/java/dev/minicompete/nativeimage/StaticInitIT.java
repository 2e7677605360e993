package dev.minicompete.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.MainClasses;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Quarkus makes some beans while a native image is built. They hold no object of a running process and nothing of the machine
 * that builds: what they know is the same on each machine and at each time.
 */
class StaticInitIT {

    private static List<String> output;

    @BeforeAll
    static void initialize() throws Exception {
        output = run();
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
        var classes = MainClasses.ALL;
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

    /** The package's folder: of the jar, or what the native executable was built from. */
    private static Path application() throws IOException {
        try (Stream<Path> packages = Files.list(Path.of("target").toAbsolutePath())) {
            return packages.filter(folder ->
                            folder.endsWith("quarkus-app") || folder.toString().endsWith("-native-image-source-jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A jar's other libraries are found by Quarkus' own class loader. */
    private static String classPath(Path application) throws IOException {
        var libraries = Files.exists(application.resolve("lib/boot")) ? "lib/boot" : "lib";
        return Stream.of(application, application.resolve(libraries), Path.of("target", "test-classes"))
                .flatMap(folder -> Stream.of(folder.toAbsolutePath() + File.separator + "*", folder.toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> run() throws Exception {
        var application = application();
        var log = Files.createDirectories(Path.of("target", "processes")).resolve("static-init.log");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        classPath(application),
                        StaticInit.class.getName(),
                        application.toString())
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

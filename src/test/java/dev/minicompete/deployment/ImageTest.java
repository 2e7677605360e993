package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images' files: what they ask for, who builds, and what becomes of a training that fails. */
class ImageTest {

    @TempDir
    private Path directory;

    private Shell shell;

    private static String read(String image) throws IOException {
        return Files.readString(Yaml.DOCKER.resolve(image));
    }

    @BeforeEach
    void makePackage() throws IOException {
        shell = new Shell(directory);
        Files.createDirectories(directory.resolve("target/quarkus-app"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.native", "Dockerfile.jvm"})
    void noRegistryIsAskedForASyntax(String image) throws IOException {
        assertThat(read(image)).doesNotContainPattern("(?im)^# *syntax *=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.native", "Dockerfile.jvm"})
    void portsUserAndHealthAreThoseOfTheApplication(String image) throws IOException {
        assertThat(read(image)).contains("EXPOSE 3000 9000\n", "USER 10001\n", "HEALTHCHECK ");
    }

    /** Five JVMs at once on two cores that had ten other things to do took 48 s. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.native", "Dockerfile.jvm"})
    void aBusyHostHasTimeToStart(String image) throws IOException {
        var period = Pattern.compile("^HEALTHCHECK .*--start-period=(\\d+)s", Pattern.MULTILINE)
                .matcher(read(image));
        assertThat(period.find()).isTrue();
        assertThat(Integer.parseInt(period.group(1))).isGreaterThanOrEqualTo(120);
    }

    @Test
    void whoTrainsHasAName() throws IOException {
        var build = read("Dockerfile.jvm").split("\nFROM java AS build\n")[1].split("\nFROM ")[0];
        assertThat(build).containsPattern("\nRUN useradd .*\\bbuild\\b.*\nUSER build\n");
        assertThat(build).doesNotContainPattern("USER \\d");
    }

    private Shell.Ended train(String train) throws Exception {
        var step = Pattern.compile(
                        "^RUN --mount=\\S+ \\\\\n((?:.*\\\\\n)*.*\\$TRAIN(?:.*\\\\\n)*.*\n)", Pattern.MULTILINE)
                .matcher(read("Dockerfile.jvm"));
        assertThat(step.find()).isTrue();
        return shell.run(Map.of("TRAIN", train), List.of("/bin/sh", "-c", step.group(1)));
    }

    private String options() throws IOException {
        var dockerfile = read("Dockerfile.jvm");
        assertThat(dockerfile).contains("ARG TRAIN=true\n", "ENTRYPOINT [\"java\", \"@aot.options\", ");
        return Files.readString(directory.resolve("target/quarkus-app/aot.options"));
    }

    private void maven(String lines) throws IOException {
        Shell.executable(directory.resolve("mvnw"), "#!/bin/sh\n" + lines);
    }

    @Test
    void theCacheThatWasTrainedIsUsed() throws Exception {
        maven("exit 0");
        shell.program("java", "echo cache >app.aot");
        assertThat(train("true").code()).isZero();
        assertThat(options()).isEqualTo("-XX:AOTCache=app.aot\n");
    }

    @Test
    void withoutTrainingNothingIsTrainedOrUsed() throws Exception {
        maven("exit 1");
        shell.program("java", "exit 1");
        var ended = train("false");
        assertThat(ended.code()).isZero();
        assertThat(ended.output()).isEmpty();
        assertThat(options()).isEmpty();
    }

    private void assertRefused(Shell.Ended ended) {
        assertThat(ended.code()).isNotZero();
        assertThat(ended.lastLine())
                .isEqualTo("The AOT cache could not be trained, see above;"
                        + " --build-arg TRAIN=false builds the image without it.");
        assertThat(directory.resolve("target/quarkus-app/aot.options")).doesNotExist();
    }

    @Test
    void testsThatFailEndTheBuildWithTheReason() throws Exception {
        maven("echo 'Tests run: 113, Errors: 113'; exit 1");
        shell.program("java", "echo cache >app.aot");
        assertRefused(train("true"));
    }

    @Test
    void aCacheThatIsNotMadeEndsTheBuildWithTheReason() throws Exception {
        maven("exit 0");
        shell.program("java", "exit 1");
        assertRefused(train("true"));
    }

    /** As Quarkus leaves it where 20 s do not suffice. */
    @Test
    void anEmptyCacheEndsTheBuildWithTheReason() throws Exception {
        maven("exit 0");
        shell.program("java", "touch app.aot");
        assertRefused(train("true"));
    }
}

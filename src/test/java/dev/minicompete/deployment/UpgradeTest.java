package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The steps of {@code docker/upgrade.sh}, with a Docker that notes what it is told. That no request fails meanwhile is seen by
 * {@code .ci/containers}.
 */
class UpgradeTest {

    /** The containers of a service are the lines of a file of its name. */
    private static final String DOCKER = """
            echo "$*" >>calls
            case "$*" in
              *' config') cat config ;;
              *' ps '*) cat "${@: -1}" ;;
              *' build api') exit ${BUILD:-0} ;;
              *' up '*' --no-recreate '*) added=$(sed 's/^/new-/' "${@: -1}"); echo "$added" >>"${@: -1}" ;;
              'image inspect '*) echo new ;;
              'inspect --format {{.Image}} '?*) echo old ;;
              'inspect --format {{.State.'*) echo "${HEALTH:-healthy 0}" ;;
              'inspect '*) exit 1 ;;
              'tag mini-compete:previous '*) exit ${BACK:-0} ;;
              'logs '*) echo 'Mini Compete does not start: SHUTDOWN_DELAY is no duration' ;;
            esac
            """;

    private static final String GOES_BACK = " docker/upgrade.sh back goes back";

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void start() throws IOException {
        shell = new Shell(directory);
        shell.program("docker", "cd '" + directory + "'\n" + DOCKER);
        shell.program("sleep", "");
        Files.createDirectory(directory.resolve("docker"));
        configure(3, 2);
        Files.writeString(directory.resolve("api"), "a1\na2\na3\n");
        Files.writeString(directory.resolve("worker"), "w1\nw2\n");
        Shell.executable(directory.resolve("docker/upgrade.sh"), Files.readString(Yaml.DOCKER.resolve("upgrade.sh")));
    }

    /** What {@code docker compose config} prints. */
    private void configure(int api, int workers) throws IOException {
        Files.writeString(directory.resolve("config"), """
                services:
                  api:
                    deploy:
                      replicas: %d
                    image: mini-compete:jvm
                  proxy:
                    image: haproxy
                  worker:
                    deploy:
                      replicas: %d
                    image: mini-compete:jvm
                """.formatted(api, workers));
    }

    private Shell.Ended upgrade(Map<String, String> environment, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("docker/upgrade.sh"));
        command.addAll(List.of(arguments));
        return shell.run(environment, command);
    }

    /** What changes something, in its order. */
    private List<String> steps() throws IOException {
        return Files.readAllLines(directory.resolve("calls")).stream()
                .map(call -> call.replace("compose --file compose.yaml ", ""))
                .filter(call -> call.matches("(build|up|stop|rm|tag) .*"))
                .toList();
    }

    private static List<String> stepsAfter(String first) {
        return List.of(
                first,
                "up --detach --no-deps --no-recreate --scale api=6 api",
                "stop a1 a2 a3",
                "rm a1 a2 a3",
                "tag old mini-compete:previous",
                "up --detach --no-deps --no-recreate --scale worker=4 worker",
                "stop w1 w2",
                "rm w1 w2",
                "up --detach --wait");
    }

    @Test
    void newProcessesAreReadyBeforeTheOldOnesEnd() throws Exception {
        var ended = upgrade(Map.of());
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(steps()).isEqualTo(stepsAfter("build api"));
        assertThat(ended.lastLine()).isEqualTo("upgrade: done;" + GOES_BACK);
    }

    @Test
    void theWayBackIsTheSameWithThePreviousImage() throws Exception {
        var ended = upgrade(Map.of(), "back");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(steps()).isEqualTo(stepsAfter("tag mini-compete:previous mini-compete:jvm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unhealthy 0", "starting 1", "healthy 1"})
    void whenNewProcessesDoNotGetReadyTheOldOnesGoOnServing(String health) throws Exception {
        var ended = upgrade(Map.of("HEALTH", health));
        assertThat(ended.code()).isNotZero();
        assertThat(steps())
                .containsExactly(
                        "build api",
                        "up --detach --no-deps --no-recreate --scale api=6 api",
                        "rm --force new-a1 new-a2 new-a3",
                        "tag old mini-compete:jvm");
        assertThat(ended.output()).contains("Mini Compete does not start: SHUTDOWN_DELAY is no duration");
        assertThat(ended.lastLine())
                .isEqualTo(
                        "upgrade: FAILED: the new processes of api did not get ready. The old processes go on serving.");
    }

    @Test
    void whenItIsInterruptedTheOldOnesGoOnServing() throws Exception {
        shell.program("sleep", "kill -TERM $PPID");
        assertThat(upgrade(Map.of("HEALTH", "starting 0")).code()).isNotZero();
        assertThat(steps()).endsWith("rm --force new-a1 new-a2 new-a3", "tag old mini-compete:jvm");
    }

    @Test
    void withoutAnImageNothingIsTouched() throws Exception {
        var ended = upgrade(Map.of("BUILD", "1"));
        assertThat(ended.code()).isNotZero();
        assertThat(steps()).containsExactly("build api", "tag old mini-compete:jvm");
        assertThat(ended.lastLine()).isEqualTo("upgrade: FAILED: the image could not be built. Nothing has changed.");
    }

    @Test
    void withoutAWayBackNothingIsTouched() throws Exception {
        var ended = upgrade(Map.of("BACK", "1"), "back");
        assertThat(ended.code()).isNotZero();
        assertThat(steps()).noneMatch(step -> step.matches("(up|stop|rm) .*"));
        assertThat(ended.lastLine()).isEqualTo("upgrade: FAILED: there is no previous image. Nothing has changed.");
    }

    @Test
    void aSystemThatDoesNotRunIsNotUpgraded() throws Exception {
        Files.writeString(directory.resolve("api"), "");
        var ended = upgrade(Map.of());
        assertThat(ended.code()).isNotZero();
        assertThat(steps()).isEmpty();
        assertThat(ended.lastLine()).contains("no API process runs", "docker compose -f docker/compose.yaml up");
    }

    @Test
    void itStartsAsManyAsTheSettingsSay() throws Exception {
        configure(5, 1);
        Files.writeString(directory.resolve("worker"), "");
        var ended = upgrade(Map.of());
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(steps())
                .contains("up --detach --no-deps --no-recreate --scale api=8 api")
                .noneMatch(step -> step.endsWith(" worker"))
                .endsWith("up --detach --wait");
    }

    @Test
    void anythingElseIsAnsweredWithTheWayToUseIt() throws Exception {
        var ended = upgrade(Map.of(), "--help");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("docker/upgrade.sh back ").doesNotContain("FAILED");
        assertThat(directory.resolve("calls")).doesNotExist();
    }
}

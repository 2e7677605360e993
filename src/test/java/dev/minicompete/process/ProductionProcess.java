package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Whatever was packaged, as a process on free ports of its own: the jar, or with {@code -Dnative} the executable. It can be
 * killed, frozen, and ended in an orderly way; it never outlives this JVM.
 */
public final class ProductionProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile(
            "Listening on: (http://[\\w.:]+)\\. Management interface listening on (http://[\\w.:]+?)\\.[\"\\s]");

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** How long an exit took, and its code. */
    public record Exit(int code, Duration took) {}

    private final Process process;
    private final Path log;
    private final Thread reaper;
    private URI api;
    private URI management;

    private ProductionProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.reaper = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    // It lives for seconds: what starts sooner is better than what runs faster.
    private static final List<String> SHORT_LIVED = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** The classes as a process has loaded them, for those after it: they start in half the time. */
    private static volatile Path archive;

    /** Starts with this environment and nothing else of ours, and waits until it is ready. */
    static ProductionProcess start(Map<String, String> environment) {
        return start(environment, shortLived());
    }

    /** Runs once so that the processes of this JVM find their classes loaded. A native executable has nothing to load. */
    static void archiveClasses(Map<String, String> environment) {
        if (artifact("type").equals("native")) {
            return;
        }
        var file = newLog().resolveSibling(ProcessHandle.current().pid() + ".jsa");
        var options = new ArrayList<>(SHORT_LIVED);
        options.add("-XX:ArchiveClassesAtExit=" + file);
        try (var process = start(environment, options)) {
            Http.get(process.api().resolve("/api/competitions"));
            process.terminate(Duration.ofSeconds(60));
        }
        file.toFile().deleteOnExit();
        archive = file;
    }

    private static List<String> shortLived() {
        var options = new ArrayList<>(SHORT_LIVED);
        if (archive != null) {
            options.add("-XX:SharedArchiveFile=" + archive);
        }
        return options;
    }

    /** The same with other options of the JVM, which a native executable does without. */
    public static ProductionProcess start(Map<String, String> environment, List<String> jvm) {
        var process = launch(environment, jvm);
        try {
            process.awaitStarted();
            process.awaitReady(Duration.ofSeconds(20));
            return process;
        } catch (RuntimeException | Error failure) {
            process.close();
            throw failure;
        }
    }

    /** Starts with this environment and nothing else of ours, and waits for nothing. */
    static ProductionProcess launch(Map<String, String> environment) {
        return launch(environment, shortLived());
    }

    private static ProductionProcess launch(Map<String, String> environment, List<String> jvm) {
        try {
            var log = newLog();
            return new ProductionProcess(launch(environment, jvm, log), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it says where it listens. */
    void awaitStarted() {
        await("a start, see " + log)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || LISTENING.matcher(log()).find());
        var listening = LISTENING.matcher(log());
        assertThat(listening.find()).as("it runs: " + log()).isTrue();
        api = uri(listening.group(1));
        management = uri(listening.group(2));
    }

    /** Quarkus shows an IPv6 address without brackets. */
    private static URI uri(String shown) {
        return URI.create(shown.replaceFirst("//(.*:.*):", "//[$1]:"));
    }

    /** The end of a process that is not meant to stay, and all that it said. */
    record Ended(int code, String output) {

        /** It would not start, and said why in one line; that others tell how far they came does no harm. */
        void assertRefusal(String... reasons) {
            assertThat(output.strip().lines().filter(line -> !line.contains(" INFO  [")))
                    .singleElement()
                    .asString()
                    .startsWith("Mini Compete does not start: ")
                    .contains(reasons)
                    .doesNotContain("Location: File");
            assertThat(code).isEqualTo(1);
        }
    }

    /** Starts with this environment and nothing else of ours, and waits for the end. */
    static Ended runToItsEnd(Map<String, String> environment) {
        return runToItsEnd(environment, newLog());
    }

    /** The same in the directory of this log. */
    static Ended runToItsEnd(Map<String, String> environment, Path log) {
        try {
            var process = launch(environment, shortLived(), log);
            try {
                assertThat(process.waitFor(30, TimeUnit.SECONDS))
                        .as("it ends, see " + log)
                        .isTrue();
                return new Ended(process.exitValue(), Files.readString(log));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** In a directory of its own: no .env file of a developer is there. */
    private static Path newLog() {
        try {
            return Files.createDirectories(Path.of("target", "processes"))
                    .toAbsolutePath()
                    .resolve("%d-%d.log".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(Map<String, String> environment, List<String> jvm, Path log) throws IOException {
        var builder = new ProcessBuilder(command(jvm))
                .directory(log.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "JAVA_HOME", "TMPDIR", "LANG"));
        builder.environment()
                .putAll(Map.of("HOST", "127.0.0.1", "PORT", "0", "MANAGEMENT_PORT", "0", "LOG_FORMAT", "text"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static List<String> command(List<String> jvm) {
        var artifact = Path.of("target", artifact("path")).toAbsolutePath();
        assertThat(artifact).as("the package, made by the phase before").exists();
        if (artifact("type").equals("native")) {
            return List.of(artifact.toString());
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java));
        command.addAll(jvm);
        command.addAll(List.of("-jar", artifact.toString()));
        return command;
    }

    /** What Quarkus has noted of the package that it made last. */
    private static String artifact(String property) {
        try (var notes = Files.newBufferedReader(Path.of("target", "quarkus-artifact.properties"))) {
            var properties = new Properties();
            properties.load(notes);
            return properties.getProperty(property);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the API is. */
    public URI api() {
        return api;
    }

    /** Where health and metrics are. */
    public URI management() {
        return management;
    }

    /** What this path of the management port answers. */
    Reply management(String path) {
        return Http.get(management.resolve(path));
    }

    void awaitReady(Duration patience) {
        await("readiness, see " + log)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> isAlive() && management("/q/health/ready").status() == 200);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** What it has said so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL: not one instruction more. */
    void kill() {
        process.destroyForcibly();
        exit(Duration.ofSeconds(10));
    }

    /** SIGTERM, without waiting for the end. */
    void askToEnd() {
        process.destroy();
    }

    /** SIGTERM, and the end. */
    public Exit terminate(Duration patience) {
        askToEnd();
        return exit(patience);
    }

    /** Waits for the end. */
    Exit exit(Duration patience) {
        var started = System.nanoTime();
        try {
            assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                    .as("the process ends within %s, see %s", patience, log)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new Exit(process.exitValue(), Duration.ofNanos(System.nanoTime() - started));
    }

    void freeze() {
        Signals.freeze(process.toHandle());
    }

    void thaw() {
        Signals.thaw(process.toHandle());
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException alreadyEnding) {
            // Then the hook has its work to do.
        }
    }

    @Override
    public String toString() {
        return api + " (process " + process.pid() + ", " + log + ")";
    }
}

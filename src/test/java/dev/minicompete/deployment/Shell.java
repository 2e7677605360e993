package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the scripts of operators in a directory, with programs of the test's own before all others. */
final class Shell {

    private final Path directory;
    private final Path programs;

    /** What a script said, and how it ended. */
    record Ended(int code, String output) {

        String lastLine() {
            return output.strip().lines().reduce("", (before, line) -> line);
        }
    }

    Shell(Path directory) throws IOException {
        this.directory = directory;
        this.programs = Files.createDirectory(directory.resolve("programs"));
    }

    /** A program of this name, which does what the lines of shell say. */
    void program(String name, String lines) throws IOException {
        executable(programs.resolve(name), "#!/bin/bash\n" + lines);
    }

    static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Ended run(Map<String, String> environment, List<String> command) throws Exception {
        var output = directory.resolve("output");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().merge("PATH", programs.toString(), (path, ours) -> ours + ":" + path);
        var process = builder.start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }
}

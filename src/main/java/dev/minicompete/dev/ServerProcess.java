package dev.minicompete.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The process that a server's pid file names, if it still runs and is that server. */
record ServerProcess(Path pidFile, String program) {

    Optional<ProcessHandle> find() {
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).trim());
            // After a crash the number may belong to any process by now.
            return ProcessHandle.of(pid).filter(process -> program(process).startsWith(program));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Asks the server to end, and after {@code patience} ends it and its children by SIGKILL; then forgets its number. */
    void end(Duration patience) {
        find().ifPresent(server -> {
            List<ProcessHandle> all =
                    Stream.concat(Stream.of(server), server.descendants()).toList();
            if (!patience.isZero()) {
                server.destroy();
                await(server, patience);
            }
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> await(process, Duration.ofSeconds(10)));
        });
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(ProcessHandle process, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        // A zombie counts as alive but has no program; where nobody reaps it, it would be waited for in vain.
        while (!program(process).isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String program(ProcessHandle process) {
        return process.isAlive()
                ? process.info()
                        .command()
                        .map(command -> Path.of(command).getFileName().toString())
                        .orElse("")
                : "";
    }
}

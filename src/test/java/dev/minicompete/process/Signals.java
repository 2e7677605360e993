package dev.minicompete.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Stops processes in mid-step and lets them go on: they keep their sockets and answer nothing. */
final class Signals {

    private Signals() {}

    /** Freezes a process and its children; a parent goes first, so that it makes no more of them. */
    static void freeze(ProcessHandle process) {
        send("-STOP", List.of(process));
        send("-STOP", process.descendants().toList());
    }

    static void thaw(ProcessHandle process) {
        send("-CONT", Stream.concat(process.descendants(), Stream.of(process)).toList());
    }

    private static void send(String signal, List<ProcessHandle> processes) {
        if (processes.isEmpty()) {
            return;
        }
        var command = new ArrayList<>(List.of("kill", signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            // A child may have ended on its own by now, so that the exit code says nothing.
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

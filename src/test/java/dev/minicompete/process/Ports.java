package dev.minicompete.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for what must know its own before it listens. */
final class Ports {

    private Ports() {}

    /** A free one, below the range from which outgoing connections take theirs. */
    static int free() {
        while (true) {
            var port = ThreadLocalRandom.current().nextInt(12_000, 20_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                if (!(taken instanceof java.net.BindException)) {
                    throw new UncheckedIOException(taken);
                }
            }
        }
    }
}

package dev.minicompete.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * One client with one connection, which sends a request when its time has come and waits for the answer. It blocks: what it does between
 * is part of each latency, out of the caches like everything else, and a write and a read are the least of it.
 */
final class LoneClient implements AutoCloseable {

    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(8 * 1024);

    /** Opens the connection. */
    LoneClient(URI target) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(target.getHost(), target.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /**
     * Sends so many a second for so long, each when it is due; one that is due before the last was answered goes right after that.
     *
     * @throws IOException when the connection is cut
     */
    Answers send(double perSecond, Duration duration, IntFunction<byte[]> requests) throws IOException {
        var answers = new Answers();
        var started = System.nanoTime();
        var count = (int) (duration.toMillis() * perSecond / 1_000);
        for (var number = 0; number < count; number++) {
            var request = ByteBuffer.wrap(requests.apply(number));
            var due = started + (long) (number * 1e9 / perSecond);
            for (var early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            exchange(answers, request);
        }
        answers.end();
        return answers;
    }

    private void exchange(Answers answers, ByteBuffer request) throws IOException {
        var number = answers.send();
        received.clear();
        var sentAt = System.nanoTime();
        channel.write(request);
        long took;
        int status;
        do {
            if (channel.read(received) < 0) {
                throw new EOFException("The server closed the connection");
            }
            took = System.nanoTime() - sentAt;
            status = HttpAnswer.statusIfWhole(received);
        } while (status == 0);
        answers.add(number, status, took, Instant.now());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

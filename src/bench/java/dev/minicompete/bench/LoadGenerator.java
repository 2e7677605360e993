package dev.minicompete.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends HTTP/1.1 requests over a number of connections, each of which waits for its answer before it sends the next: a
 * closed loop, so that a latency is what one client of so many sees, and no request is sent that is not counted. One
 * thread without blocking, since it shares its cores with what it measures.
 *
 * <p>Why not wrk: each request must be sent exactly once, and the moment of each answer is needed to tell how long its mail took.
 */
final class LoadGenerator implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private Answers answers;
    private Requests requests;
    private int busy;

    /** Opens the connections. */
    LoadGenerator(URI target, int connections) throws IOException {
        this.selector = Selector.open();
        for (var i = 0; i < connections; i++) {
            this.connections.add(new Connection(new InetSocketAddress(target.getHost(), target.getPort())));
        }
    }

    /** What to send, in order. */
    interface Requests {

        /** The request of this number, counted from 0, or null when there are no more. */
        byte[] get(int number);

        /** Each of these once. */
        static Requests each(List<byte[]> requests) {
            return number -> number < requests.size() ? requests.get(number) : null;
        }

        /** These again and again, for so long. */
        static Requests during(Duration duration, List<byte[]> requests) {
            var end = System.nanoTime() + duration.toNanos();
            return number -> System.nanoTime() < end ? requests.get(number % requests.size()) : null;
        }
    }

    /**
     * Sends them all and waits for all answers.
     *
     * @throws IOException when a connection is cut, or nothing comes for 30 s
     */
    Answers send(Requests what) throws IOException {
        requests = what;
        answers = new Answers();
        for (var connection : connections) {
            connection.next();
        }
        while (busy > 0) {
            if (selector.select(PATIENCE.toMillis()) == 0) {
                throw new IOException(busy + " requests got no answer for " + PATIENCE);
            }
            for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); keys.remove()) {
                ((Connection) keys.next().attachment()).read();
            }
        }
        answers.end();
        return answers;
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }

    private final class Connection {

        private final SocketChannel channel;
        private final ByteBuffer received = ByteBuffer.allocate(256 * 1024);
        private int number;
        private long sentAt;

        Connection(InetSocketAddress target) throws IOException {
            channel = SocketChannel.open(target);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void next() throws IOException {
            var request = requests.get(answers.sent());
            if (request == null) {
                return;
            }
            number = answers.send();
            busy++;
            sentAt = System.nanoTime();
            // A request of ours is smaller than any socket's buffer.
            if (channel.write(ByteBuffer.wrap(request)) < request.length) {
                throw new IOException("The socket took a part of the request only");
            }
        }

        void read() throws IOException {
            if (channel.read(received) < 0) {
                throw new EOFException("The server closed the connection, having sent: "
                        + new String(received.array(), 0, received.position()));
            }
            var took = System.nanoTime() - sentAt;
            var status = HttpAnswer.statusIfWhole(received);
            if (status > 0) {
                received.clear();
                busy--;
                answers.add(number, status, took, Instant.now());
                next();
            }
        }
    }
}

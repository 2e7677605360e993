package dev.minicompete.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Offers requests at a fixed rate, however the server gets on: an open loop. Each takes a connection that is free, whatever
 * Retry-After was said on it, and where none is, since the server owes an answer on all of them, it is held back and gone. Who
 * gets no answer for some seconds hangs up, and connects again for the next. One thread without blocking, as
 * {@link LoadGenerator}.
 */
final class OpenLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final InetSocketAddress target;
    private final Selector selector;
    private final ArrayDeque<Connection> free = new ArrayDeque<>();

    /** What was sent and may not be answered yet, the oldest first. */
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();

    private final List<Connection> connections = new ArrayList<>();
    private Outcome outcome;

    /** Opens the connections. */
    OpenLoad(URI target, int connections) throws IOException {
        this.target = new InetSocketAddress(target.getHost(), target.getPort());
        this.selector = Selector.open();
        for (var i = 0; i < connections; i++) {
            var connection = new Connection();
            connection.open();
            this.connections.add(connection);
        }
        while (free.size() < connections) {
            select(1_000);
        }
    }

    private record Sent(Connection connection, int number, long at) {

        boolean isWaiting() {
            return connection.isBusy && connection.number == number;
        }
    }

    /** What came of it. */
    static final class Outcome {

        final Answers answers = new Answers();

        /** Requests for which no connection was free. */
        int heldBack;

        /** Requests whose client hung up. */
        int givenUp;

        /** Connections that the server ended without an answer. */
        int cut;

        /** Answers that came while requests were offered. */
        int inTime;

        /** 429 and 503, and those of them that do not say when to come again. */
        int refused;

        int withoutRetryAfter;

        /** All that were to be sent, those for which there was no connection included. */
        int offered() {
            return answers.sent() + heldBack;
        }

        /** Answers of this status while requests were offered. */
        double perSecond(int status) {
            var count = answers.all().subList(0, inTime).stream()
                    .filter(answer -> answer.status() == status)
                    .count();
            return count * 1e9 / answers.took().toNanos();
        }

        /** The numbers of the requests that were sent and not answered 201. */
        IntStream unregistered() {
            var registered = new BitSet();
            answers.all().stream().filter(answer -> answer.status() == 201).forEach(answer -> registered.set(answer.number()));
            return IntStream.range(0, answers.sent()).filter(number -> !registered.get(number));
        }

        @Override
        public String toString() {
            return "%,d of %,d sent, %s, %d given up, %d cut, p50 %.0f ms".formatted(
                    answers.sent(), offered(), answers.statuses(), givenUp, cut, answers.millis(0.5));
        }
    }

    /** Offers so many a second for so long, and waits until each is answered or given up. */
    Outcome offer(double perSecond, Duration duration, IntFunction<byte[]> requests) throws IOException {
        outcome = new Outcome();
        var started = System.nanoTime();
        var elapsed = 0L;
        while (elapsed < duration.toNanos()) {
            var due = (int) (elapsed * perSecond / 1e9);
            while (outcome.offered() < due) {
                var connection = free.poll();
                if (connection == null) {
                    outcome.heldBack = due - outcome.answers.sent();
                } else {
                    connection.send(outcome.answers.send(), requests);
                }
            }
            // Not to wake the processors when there is nothing to send.
            var untilNext = (outcome.offered() + 1) * 1e3 / perSecond - elapsed / 1e6;
            select(Math.max(1, (long) untilNext));
            elapsed = System.nanoTime() - started;
        }
        outcome.answers.end();
        outcome.inTime = outcome.answers.all().size();
        while (!sent.isEmpty()) {
            select(10);
        }
        return outcome;
    }

    private void select(long millis) throws IOException {
        selector.select(millis);
        for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); keys.remove()) {
            ((Connection) keys.next().attachment()).ready();
        }
        var patient = System.nanoTime() - PATIENCE.toNanos();
        for (var oldest = sent.peek(); oldest != null && !(oldest.isWaiting() && oldest.at > patient); oldest = sent.peek()) {
            if (oldest.isWaiting()) {
                outcome.givenUp++;
                oldest.connection.reopen();
            }
            sent.remove();
        }
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }

    private final class Connection {

        private final ByteBuffer received = ByteBuffer.allocate(8 * 1024);
        private SocketChannel channel;
        private int number;
        private long sentAt;
        private boolean isBusy;

        void open() throws IOException {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_CONNECT, this);
            channel.connect(target);
        }

        void send(int number, IntFunction<byte[]> requests) throws IOException {
            var request = requests.apply(number);
            this.number = number;
            sentAt = System.nanoTime();
            isBusy = true;
            sent.add(new Sent(this, number, sentAt));
            try {
                if (channel.write(ByteBuffer.wrap(request)) < request.length) {
                    throw new IOException("The socket took a part of the request only");
                }
            } catch (IOException closed) {
                outcome.cut++;
                reopen();
            }
        }

        void ready() throws IOException {
            if (!channel.isConnected()) {
                connect();
                return;
            }
            int count;
            try {
                count = channel.read(received);
            } catch (IOException reset) {
                count = -1;
            }
            if (count < 0) {
                if (isBusy) {
                    outcome.cut++;
                }
                free.remove(this);
                reopen();
                return;
            }
            var took = System.nanoTime() - sentAt;
            var status = HttpAnswer.statusIfWhole(received);
            if (status > 0 && isBusy) {
                answered(status, took);
            }
        }

        private void connect() throws IOException {
            try {
                channel.finishConnect();
                channel.register(selector, SelectionKey.OP_READ, this);
                free.add(this);
            } catch (IOException refused) {
                reopen();
            }
        }

        private void answered(int status, long took) {
            if (status == 503 || status == 429) {
                outcome.refused++;
                var head = new String(received.array(), 0, received.position(), StandardCharsets.US_ASCII);
                outcome.withoutRetryAfter += head.toLowerCase(Locale.ROOT).contains("\r\nretry-after: ") ? 0 : 1;
            }
            outcome.answers.add(number, status, took, Instant.now());
            received.clear();
            isBusy = false;
            free.add(this);
        }

        private void reopen() throws IOException {
            channel.close();
            received.clear();
            isBusy = false;
            open();
        }
    }
}

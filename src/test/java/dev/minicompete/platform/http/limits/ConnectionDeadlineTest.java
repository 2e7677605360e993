package dev.minicompete.platform.http.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Uses a connection in memory and a clock that the test sets. */
class ConnectionDeadlineTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration QUARTER = LIMIT.dividedBy(4);

    private long now = 1;
    private final Connection connection = new Connection(new ConnectionDeadline(LIMIT, () -> now));

    /** A connection whose client reads as many bytes as the test allows. */
    private static final class Connection extends EmbeddedChannel {

        private long readable;

        Connection(ChannelHandler handler) {
            super(handler);
            freezeTime();
            config().setWriteBufferWaterMark(new WriteBufferWaterMark(1_024, 2_048));
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer unread) {
            var bytes = Math.min(readable, unread.totalPendingWriteBytes());
            readable -= bytes;
            unread.removeBytes(bytes);
        }

        void read(long bytes) {
            readable += bytes;
            flush();
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
        connection.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        connection.runPendingTasks();
    }

    private void request() {
        connection.writeInbound(Unpooled.wrappedBuffer(new byte[] {'G'}));
    }

    private void respond(int bytes) {
        connection.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    void slowRequestIsCutOffAtDeadline() {
        for (var i = 0; i < 4; i++) {
            request();
            pass(QUARTER);
            assertThat(connection.isOpen()).as("quarter %d", i + 1).isTrue();
        }
        request();
        pass(QUARTER);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void requestWithResponseHasNoDeadline() {
        request();
        pass(QUARTER);
        connection.read(10);
        respond(10);
        pass(LIMIT.multipliedBy(2));
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void connectionWithoutRequestHasNoDeadline() {
        pass(LIMIT.multipliedBy(2));
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void clientThatReadsNothingIsCutOffAtDeadline() {
        request();
        respond(1 << 20);
        for (var i = 0; i < 4; i++) {
            pass(QUARTER);
            assertThat(connection.isOpen()).as("quarter %d", i + 1).isTrue();
        }
        pass(QUARTER);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void clientThatReadsSlowlyIsServed() {
        request();
        respond(1 << 20);
        for (var i = 0; i < 20; i++) {
            connection.read(2_048 * QUARTER.toSeconds());
            pass(QUARTER);
        }
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void clientThatReadsFewBytesIsCutOff() {
        request();
        respond(1 << 20);
        for (var i = 0; i < 6; i++) {
            connection.read(1);
            pass(QUARTER);
        }
        assertThat(connection.isOpen()).isFalse();
    }
}

package dev.minicompete.platform.http.limits;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose request gets no response in time, usually because the client sends it too slowly, or whose client reads its
 * response too slowly. Unlike an idle timeout, it cannot be reset by a byte now and then. It reads the clock twice for each request.
 */
final class ConnectionDeadline extends ChannelDuplexHandler {

    private static final int CHECKS = 4;

    /** The minimum rate of reading, in bytes per second. */
    private static final long MINIMUM_RATE = 1_024;

    /** Bounds the responses to pipelined requests of a client that does not read them. No single response is as large. */
    private static final long MAXIMUM_UNREAD_BYTES = 16L << 20;

    private final long patience;
    private final LongSupplier nanoTime;

    /** When the first byte of the current request came; 0 when no request is without a response. */
    private long requestedAt;

    /** When the outbound buffer filled up, or the client last read from it fast enough; 0 while it has room. */
    private long stalledAt;

    /** Unread bytes at the last check. */
    private long unread;

    private @Nullable Future<?> check;

    ConnectionDeadline(Duration patience, LongSupplier nanoTime) {
        this.patience = patience.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var interval = patience / CHECKS;
        check = context.executor().scheduleAtFixedRate(() -> check(context), interval, interval, TimeUnit.NANOSECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (check != null) {
            check.cancel(false);
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (requestedAt == 0) {
            requestedAt = now();
        }
        if (stalledAt != 0 && unread(context.channel()) > MAXIMUM_UNREAD_BYTES) {
            context.close();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        requestedAt = 0;
        context.write(message, promise);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        stalledAt = context.channel().isWritable() ? 0 : now();
        context.fireChannelWritabilityChanged();
    }

    private void check(ChannelHandlerContext context) {
        var now = now();
        var before = unread;
        unread = unread(context.channel());
        if (stalledAt != 0 && before - unread >= MINIMUM_RATE * patience / CHECKS / TimeUnit.SECONDS.toNanos(1)) {
            stalledAt = now;
        }
        if (requestedAt != 0 && now - requestedAt > patience || stalledAt != 0 && now - stalledAt > patience) {
            context.close();
        }
    }

    private static long unread(Channel channel) {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /** The clock's value, but never 0, which means unset. */
    private long now() {
        return nanoTime.getAsLong() | 1;
    }
}

package dev.minicompete.platform.http.limits;

import dev.minicompete.platform.http.problem.UnroutedErrors;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Closes a connection whose request is not answered in time, most likely since it does not arrive, or whose client does
 * not get on reading its answer. A byte now and then, which resets an idle timeout, buys no time here. Costs two reads of a clock for
 * each request.
 */
final class ConnectionDeadline extends ChannelDuplexHandler {

    private static final int CHECKS = 4;

    /** Whoever reads no more than so many bytes in a second does not get on. */
    private static final long SLOWEST_PACE = 1_024;

    /** Answers to requests that a client pipelines without reading gather in memory; no single one is as large. */
    private static final long UNREAD_BYTES = 16L << 20;

    private final long patience;
    private final AdmissionQueue admissions;
    private final LongSupplier nanoTime;

    /** When the request began that has got no answer yet; 0 for none. */
    private long askedAt;

    /** When the outbound buffer filled up, or the client last got on reading it; 0 while there is room in it. */
    private long stuckAt;

    /** What was unread at the last check. */
    private long unread;

    private Future<?> check;
    private boolean begun;

    ConnectionDeadline(ApiConfig config, AdmissionQueue admissions) {
        this(config.clientPatience(), admissions, System::nanoTime);
    }

    ConnectionDeadline(Duration patience, AdmissionQueue admissions, LongSupplier nanoTime) {
        this.patience = patience.toNanos();
        this.admissions = admissions;
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
        if (!begun) {
            begun = true;
            addFollowers(context.pipeline());
        }
        if (askedAt == 0) {
            askedAt = now();
        }
        if (stuckAt != 0 && unread(context.channel()) > UNREAD_BYTES) {
            context.close();
        }
        context.fireChannelRead(message);
    }

    /** Behind the HTTP codec, which is not there before the first byte is. */
    private void addFollowers(ChannelPipeline pipeline) {
        var codec = pipeline.context(HttpResponseEncoder.class);
        if (codec != null) {
            pipeline.addAfter(codec.name(), null, new Admission(admissions));
            pipeline.addAfter(codec.name(), null, new UnroutedErrors());
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        askedAt = 0;
        context.write(message, promise);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        stuckAt = context.channel().isWritable() ? 0 : now();
        context.fireChannelWritabilityChanged();
    }

    private void check(ChannelHandlerContext context) {
        var now = now();
        var before = unread;
        unread = unread(context.channel());
        if (stuckAt != 0 && before - unread >= SLOWEST_PACE * patience / CHECKS / TimeUnit.SECONDS.toNanos(1)) {
            stuckAt = now;
        }
        if (askedAt != 0 && now - askedAt > patience || stuckAt != 0 && now - stuckAt > patience) {
            context.close();
        }
    }

    private static long unread(Channel channel) {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /** Any moment but 0, which has a meaning of its own. */
    private long now() {
        return nanoTime.getAsLong() | 1;
    }
}

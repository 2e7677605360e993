package dev.minicompete.http;

import dev.minicompete.problem.Faults;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses what comes while as many requests are worked on as the process can carry, before anything is spent on it: a
 * crowd that all wait would take the memory and the time with which the first of them could be answered. A request counts from
 * the moment it is here in full, so that nobody takes a place by sending slowly, until its answer begins. Who was refused is
 * heard again after the time that the answer names; to refuse a crowd that does not wait would take all the time there is.
 */
final class Admission extends ChannelDuplexHandler {

    private static final AtomicInteger IN_PROGRESS = new AtomicInteger();

    private static final Counter REFUSED = Counter.builder("http.server.refused")
            .description("Requests refused since too many were in progress")
            .register(Metrics.globalRegistry);

    /** A body up to this size is read to its end, so that the connection can go on. */
    private static final int SHORT_BODY = 65_536;

    private static final EarlyAnswer UNAVAILABLE =
            new EarlyAnswer(Faults.unavailable(), HttpResponseStatus.SERVICE_UNAVAILABLE);

    /** What {@link Faults#unavailable} says. */
    private static final int RETRY_AFTER_SECONDS = 1;

    private final int limit;

    /** Requests of this connection whose answer has not begun, and those of them that are here in full. */
    private int unanswered;

    private int counted;
    private boolean refusing;

    Admission(int limit) {
        this.limit = limit;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            // Answers go out in the order of their requests, so one that is still owed must come first.
            refusing = unanswered == 0 && IN_PROGRESS.get() >= limit && !isOfOperations(request);
            if (refusing) {
                refuse(context, request);
            } else {
                unanswered++;
            }
        } else if (message instanceof LastHttpContent && !refusing && unanswered > counted) {
            counted++;
            IN_PROGRESS.incrementAndGet();
        }
        if (refusing) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response && response.status().code() >= 200) {
            unanswered--;
            if (counted > 0) {
                counted--;
                IN_PROGRESS.decrementAndGet();
            }
        }
        context.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        IN_PROGRESS.addAndGet(-counted);
        counted = 0;
        context.fireChannelInactive();
    }

    /** Health and metrics are asked for on a port of their own, and are never refused. */
    private static boolean isOfOperations(HttpRequest request) {
        return request.uri().startsWith("/q/health") || request.uri().startsWith("/q/metrics");
    }

    private static void refuse(ChannelHandlerContext context, HttpRequest request) {
        REFUSED.increment();
        var answer = UNAVAILABLE.of(HttpVersion.HTTP_1_1);
        if (isShort(request) && HttpUtil.isKeepAlive(request)) {
            context.writeAndFlush(answer, context.voidPromise());
            var channel = context.channel().config().setAutoRead(false);
            context.executor().schedule(() -> channel.setAutoRead(true), RETRY_AFTER_SECONDS, TimeUnit.SECONDS);
        } else {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static boolean isShort(HttpRequest request) {
        return !HttpUtil.isTransferEncodingChunked(request)
                && !HttpUtil.is100ContinueExpected(request)
                && HttpUtil.getContentLength(request, 0L) <= SHORT_BODY;
    }
}

package dev.minicompete.platform.http.limits;

import dev.minicompete.platform.http.problem.EarlyAnswer;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Has no more requests worked on than the process can carry: a crowd that is all worked on at once would take the memory and the time with
 * which the first of them could be answered. Who comes while all places are taken waits here, where it costs little more than its
 * own bytes; who finds no place to wait is refused before anything is spent on it. A request takes its place when it is here in
 * full, so that nobody holds one by sending slowly, until its answer begins. Who was refused is heard again after the time that
 * the answer names; to refuse a crowd that does not wait would take all the time there is.
 */
final class Admission extends ChannelDuplexHandler {

    /** A body up to this size is waited for; so much of it may be held here. */
    private static final int SHORT_BODY = 65_536;

    /** Pieces that such a body may come in; each is an object. */
    private static final int FEW_PIECES = 256;

    /** Several times what whoever waits here waits at the most. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final EarlyAnswer UNAVAILABLE = new EarlyAnswer(
            ProblemException.retryAfter(ProblemType.UNAVAILABLE, "Too many requests come at this moment.", RETRY_AFTER),
            HttpResponseStatus.SERVICE_UNAVAILABLE);

    private final AdmissionQueue queue;

    /** Requests of this connection whose answer has not begun, and those of them that have a place. */
    private int unanswered;

    private int placed;

    /** What waits for its turn, or is not here in full; null when nothing does. */
    private Deque<Object> held;

    private int heldBytes;
    private boolean waits;
    private boolean refusing;

    Admission(AdmissionQueue queue) {
        this.queue = queue;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (held != null) {
            hold(context, message);
        } else if (message instanceof HttpRequest request) {
            decide(context, request);
        } else if (refusing) {
            ReferenceCountUtil.release(message);
        } else {
            if (message instanceof LastHttpContent && unanswered > placed) {
                placed++;
                queue.enter();
            }
            context.fireChannelRead(message);
        }
    }

    private void decide(ChannelHandlerContext context, HttpRequest request) {
        refusing = false;
        // Answers go out in the order of their requests, so one that is still owed must come first.
        if (unanswered > 0 || queue.hasPlace() || isOfOperations(request)) {
            unanswered++;
            context.fireChannelRead(request);
        } else if (queue.hasWaitingPlace() && !HttpUtil.is100ContinueExpected(request)) {
            held = new ArrayDeque<>();
            heldBytes = 0;
            hold(context, request);
        } else {
            refuse(context, request);
        }
    }

    private void hold(ChannelHandlerContext context, Object message) {
        held.add(message);
        if (message instanceof HttpContent content) {
            heldBytes += content.content().readableBytes();
        }
        if (waits) {
            // Pipelined behind what is held first.
            return;
        }
        if (message instanceof LastHttpContent) {
            waits = true;
            context.channel().config().setAutoRead(false);
            queue.enterInTurn(() -> context.executor().execute(() -> resume(context)));
        } else if (heldBytes > SHORT_BODY || held.size() > FEW_PIECES) {
            var request = (HttpRequest) held.peek();
            releaseHeld();
            refuse(context, request);
        }
    }

    /** It is the turn of what is held first. */
    private void resume(ChannelHandlerContext context) {
        if (held == null) {
            // The client has gone.
            queue.leave(1);
            return;
        }
        var messages = held;
        held = null;
        waits = false;
        unanswered++;
        placed++;
        // Before anything is passed on: whoever gets it may want to read no more.
        context.channel().config().setAutoRead(true);
        Object message;
        do {
            message = messages.remove();
            context.fireChannelRead(message);
        } while (!(message instanceof LastHttpContent));
        messages.forEach(pipelined -> channelRead(context, pipelined));
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response && response.status().code() >= 200) {
            unanswered--;
            if (placed > 0) {
                placed--;
                queue.leave(1);
            }
        }
        context.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        queue.leave(placed);
        placed = 0;
        releaseHeld();
        context.fireChannelInactive();
    }

    private void releaseHeld() {
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
            held = null;
        }
    }

    /** Health and metrics are asked for on a port of their own, and neither wait nor are refused. */
    private static boolean isOfOperations(HttpRequest request) {
        return request.uri().startsWith("/q/health") || request.uri().startsWith("/q/metrics");
    }

    private void refuse(ChannelHandlerContext context, HttpRequest request) {
        refusing = true;
        queue.countRefusal();
        var answer = UNAVAILABLE.of(HttpVersion.HTTP_1_1);
        if (isShort(request) && HttpUtil.isKeepAlive(request)) {
            context.writeAndFlush(answer, context.voidPromise());
            context.channel().config().setAutoRead(false);
            context.executor().schedule(() -> resumeReading(context), RETRY_AFTER.toSeconds(), TimeUnit.SECONDS);
        } else {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void resumeReading(ChannelHandlerContext context) {
        if (!waits) {
            context.channel().config().setAutoRead(true);
        }
    }

    private static boolean isShort(HttpRequest request) {
        return !HttpUtil.isTransferEncodingChunked(request)
                && !HttpUtil.is100ContinueExpected(request)
                && HttpUtil.getContentLength(request, 0L) <= SHORT_BODY;
    }
}

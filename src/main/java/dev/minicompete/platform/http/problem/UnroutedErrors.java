package dev.minicompete.platform.http.problem;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;

/**
 * Makes a problem of an error with which the server answers what it could not even route, such as a header with a control
 * character or an address that is no URI, and ends the connection. So ends what Quarkus would log as a failure of its own, an
 * address without a path, or choose from: two hosts.
 */
public final class UnroutedErrors extends ChannelDuplexHandler {

    /** Every answer that was routed has it. */
    private static final String ROUTED = "X-Content-Type-Options";

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request && !isClear(request)) {
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("No path, or two hosts")));
        }
        context.fireChannelRead(message);
    }

    private static boolean isClear(HttpRequest request) {
        return !request.uri().startsWith("?")
                && request.headers().getAll(HttpHeaderNames.HOST).size() <= 1;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof FullHttpResponse error
                && error.status().code() >= 400
                && !error.headers().contains(ROUTED)) {
            context.write(problem(error), promise.unvoid().addListener(ChannelFutureListener.CLOSE));
            ReferenceCountUtil.release(error);
        } else {
            context.write(message, promise);
        }
    }

    private static FullHttpResponse problem(FullHttpResponse error) {
        var problem =
                switch (error.status().code()) {
                    case 404 -> ProblemException.notFound();
                    case 503 -> ProblemException.of(ProblemType.UNAVAILABLE, "The service is not available now.");
                    default -> ProblemException.of(ProblemType.MALFORMED_REQUEST, "The request cannot be read.");
                };
        var answer = new EarlyAnswer(problem, error.status()).of(error.protocolVersion());
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return answer;
    }
}

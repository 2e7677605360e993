package dev.minicompete.platform.http.problem;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.json.Json;

/**
 * Adds a problem to the empty errors with which Vert.x and Quarkus reject what they cannot route, such as a malformed header or target, and
 * closes the connection. Both do so before any filter runs, and neither has a hook for it. Rejects as well what they would accept or log as
 * an error: a request with two hosts or, in HTTP/1.1, none (RFC 9112, section 3.2), and a target without a path.
 */
public final class UnroutedErrors extends ChannelDuplexHandler {

    /** Every response of a route has this header. */
    private static final String ROUTED = "X-Content-Type-Options";

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request && isMalformed(request)) {
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("No path, no host or two")));
        }
        context.fireChannelRead(message);
    }

    private static boolean isMalformed(HttpRequest request) {
        var hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        return request.uri().startsWith("?")
                || hosts > 1
                || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof FullHttpResponse error
                && error.status().code() >= 400
                && !error.headers().contains(ROUTED)) {
            context.write(withProblem(error), promise.unvoid().addListener(ChannelFutureListener.CLOSE));
            ReferenceCountUtil.release(error);
        } else {
            context.write(message, promise);
        }
    }

    private static FullHttpResponse withProblem(FullHttpResponse error) {
        var status = error.status();
        var problem =
                switch (status.code()) {
                    case 404 -> ProblemException.notFound().problem();
                    case 503 -> Failures.unavailable().problem();
                    default ->
                        ProblemException.of(ProblemType.MALFORMED_REQUEST, "The request cannot be read.")
                                .problem();
                };
        // 414 and 431 have no problem of their own.
        var body = Json.encodeToBuffer(problem.withStatus(status.code())).getBytes();
        var response = new DefaultFullHttpResponse(error.protocolVersion(), status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(ROUTED, "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .set(RequestId.HEADER, RequestId.next());
        return response;
    }
}

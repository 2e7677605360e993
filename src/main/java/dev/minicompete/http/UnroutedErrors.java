package dev.minicompete.http;

import dev.minicompete.problem.Problem;
import dev.minicompete.problem.ProblemException;
import dev.minicompete.problem.ProblemType;
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
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * Makes a problem of an error with which the server answers what it could not even route, such as a header with a control
 * character or an address that is no URI, and ends the connection. So ends what Quarkus would log as a failure of its own, an
 * address without a path, or choose from: two hosts.
 */
final class UnroutedErrors extends ChannelDuplexHandler {

    /** Every answer that was routed has it. */
    private static final String ROUTED = "X-Content-Type-Options";

    /** Adds it to a connection that speaks HTTP. */
    static void addTo(ChannelHandlerContext context) {
        var encoder = context.pipeline().context(HttpResponseEncoder.class);
        if (encoder != null) {
            context.pipeline().addAfter(encoder.name(), null, new UnroutedErrors());
        }
    }

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
        var body = Unpooled.wrappedBuffer(body(error.status().code()));
        var answer = new DefaultFullHttpResponse(error.protocolVersion(), error.status(), body);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(ROUTED, "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .set(RequestId.HEADER, RequestId.next());
        return answer;
    }

    private static byte[] body(int status) {
        var problem =
                switch (status) {
                    case 404 -> ProblemException.notFound();
                    case 503 -> ProblemException.of(ProblemType.UNAVAILABLE, "The service is not available now.");
                    default -> ProblemException.of(ProblemType.MALFORMED_REQUEST, "The request cannot be read.");
                };
        var members = problem.problem();
        return JsonObject.of(
                        "type", members.type(),
                        "title", members.title(),
                        "status", status,
                        "detail", members.detail(),
                        "code", members.code())
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }
}

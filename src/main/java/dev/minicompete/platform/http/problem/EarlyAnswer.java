package dev.minicompete.platform.http.problem;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** A problem as an answer of its own, for what does not get as far as Vert.x. */
public final class EarlyAnswer {

    private final ProblemException problem;
    private final HttpResponseStatus status;
    private final byte[] body;

    /** The status may be another than the problem's own: a header section that is too long has no problem of its own. */
    public EarlyAnswer(ProblemException problem, HttpResponseStatus status) {
        var members = problem.problem();
        this.problem = problem;
        this.status = status;
        this.body = JsonObject.of(
                        "type", members.type(),
                        "title", members.title(),
                        "status", status.code(),
                        "detail", members.detail(),
                        "code", members.code())
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** With the headers that every answer has. */
    public FullHttpResponse of(HttpVersion version) {
        var answer = new DefaultFullHttpResponse(version, status, Unpooled.wrappedBuffer(body));
        problem.headers().forEach(answer.headers()::set);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .set(RequestId.HEADER, RequestId.next());
        return answer;
    }
}

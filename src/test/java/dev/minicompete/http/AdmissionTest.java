package dev.minicompete.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final int LIMIT = 2;

    private final List<EmbeddedChannel> connections = new ArrayList<>();

    @AfterEach
    void close() {
        connections.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void whatIsBeyondTheLimitIsRefusedAtOnce() {
        fill();
        var refused = refusal(sendTo(connection()));
        assertThat(refused.status()).isEqualTo(HttpResponseStatus.SERVICE_UNAVAILABLE);
        assertThat(refused.headers().get("Retry-After")).isEqualTo("1");
        assertThat(refused.headers().get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.headers().get("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(refused.headers().contains("Connection")).isFalse();
        refused.release();
    }

    @Test
    void anAnswerMakesRoom() {
        var first = fill().get(0);
        first.writeOutbound(answer(HttpResponseStatus.CONTINUE));
        refusal(sendTo(connection())).release();
        first.writeOutbound(answer(HttpResponseStatus.OK));
        assertPassed(sendTo(connection()));
    }

    @Test
    void aConnectionThatEndsMakesRoom() {
        fill().get(0).close();
        assertPassed(sendTo(connection()));
    }

    @Test
    void aRequestThatIsNotHereYetTakesNoPlace() {
        for (var slow = 0; slow < 2 * LIMIT; slow++) {
            assertThat(connection()
                            .writeInbound(
                                    request("/"), new DefaultHttpContent(LastHttpContent.EMPTY_LAST_CONTENT.content())))
                    .isTrue();
        }
        assertPassed(sendTo(connection()));
    }

    @Test
    void healthIsNeverRefused() {
        fill();
        assertThat(connection().writeInbound(request("/q/health/live"), LastHttpContent.EMPTY_LAST_CONTENT))
                .isTrue();
    }

    @Test
    void whoWasRefusedIsHeardAgainWhenTheAnswerSaid() {
        fill();
        var hasty = connection();
        hasty.freezeTime();
        refusal(sendTo(hasty)).release();
        assertThat(hasty.config().isAutoRead()).isFalse();
        hasty.advanceTimeBy(1, TimeUnit.SECONDS);
        hasty.runScheduledPendingTasks();
        assertThat(hasty.config().isAutoRead()).isTrue();
    }

    @Test
    void aConnectionWhoseBodyNobodyReadsEnds() {
        fill();
        var uploading = connection();
        var request = request("/");
        request.headers().set("Transfer-Encoding", "chunked");
        uploading.writeInbound(request);
        var refused = refusal(uploading);
        assertThat(refused.headers().get("Connection")).isEqualTo("close");
        assertThat(uploading.isOpen()).isFalse();
        refused.release();
    }

    @Test
    void anAnswerThatIsOwedComesFirst() {
        var pipelining = fill().get(0);
        assertPassed(sendTo(pipelining));
    }

    /** As many requests as may be worked on, each on a connection of its own. */
    private List<EmbeddedChannel> fill() {
        var filling = new ArrayList<EmbeddedChannel>();
        for (var i = 0; i < LIMIT; i++) {
            filling.add(sendTo(connection()));
            assertPassed(filling.get(i));
        }
        return filling;
    }

    private EmbeddedChannel connection() {
        var connection = new EmbeddedChannel(new Admission(LIMIT));
        connections.add(connection);
        return connection;
    }

    private static EmbeddedChannel sendTo(EmbeddedChannel connection) {
        connection.releaseInbound();
        connection.writeInbound(request("/api/competitions"), LastHttpContent.EMPTY_LAST_CONTENT);
        return connection;
    }

    private static DefaultHttpRequest request(String target) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
    }

    private static DefaultFullHttpResponse answer(HttpResponseStatus status) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    }

    private static FullHttpResponse refusal(EmbeddedChannel connection) {
        assertThat(connection.inboundMessages()).isEmpty();
        return connection.readOutbound();
    }

    private static void assertPassed(EmbeddedChannel connection) {
        assertThat(connection.inboundMessages()).hasSize(2);
        assertThat(connection.outboundMessages()).isEmpty();
    }
}

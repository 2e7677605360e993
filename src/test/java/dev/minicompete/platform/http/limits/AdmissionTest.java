package dev.minicompete.platform.http.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final int LIMIT = 2;

    private final AdmissionQueue queue = new AdmissionQueue(LIMIT, 0, new SimpleMeterRegistry());
    private final AdmissionQueue withOneWaitingPlace = new AdmissionQueue(LIMIT, 1, new SimpleMeterRegistry());

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
        assertThat(refused.headers().get("Retry-After")).isEqualTo("2");
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
        hasty.advanceTimeBy(2, TimeUnit.SECONDS);
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

    @Test
    void whoWaitsIsPassedOnInFullOnceThereIsAPlace() {
        var first = fill(withOneWaitingPlace).get(0);
        var waiting = connection(withOneWaitingPlace);
        waiting.writeInbound(request("/"), content(10), content(10));
        assertHeld(waiting);
        waiting.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertHeld(waiting);
        assertThat(waiting.config().isAutoRead()).isFalse();
        first.writeOutbound(answer(HttpResponseStatus.OK));
        waiting.runPendingTasks();
        assertThat(waiting.inboundMessages()).hasSize(4);
        assertThat(waiting.config().isAutoRead()).isTrue();
        // It has the place that became free.
        assertHeld(sendTo(connection(withOneWaitingPlace)));
    }

    @Test
    void whoFindsNoPlaceToWaitIsRefused() {
        fill(withOneWaitingPlace);
        assertHeld(sendTo(connection(withOneWaitingPlace)));
        refusal(sendTo(connection(withOneWaitingPlace))).release();
    }

    @Test
    void thoseWhoWaitGoInTheOrderOfTheirArrival() {
        var several = new AdmissionQueue(1, 10, new SimpleMeterRegistry());
        var working = sendTo(connection(several));
        var waiting = List.of(sendTo(connection(several)), sendTo(connection(several)), sendTo(connection(several)));
        for (var next : waiting) {
            waiting.forEach(EmbeddedChannel::runPendingTasks);
            assertHeld(next);
            working.writeOutbound(answer(HttpResponseStatus.OK));
            next.runPendingTasks();
            assertPassed(next);
            working = next;
        }
    }

    @Test
    void whoLeavesWhileWaitingKeepsNobodyFromTheTurn() {
        var several = new AdmissionQueue(1, 10, new SimpleMeterRegistry());
        var working = sendTo(connection(several));
        var gone = connection(several);
        var content = content(10);
        gone.writeInbound(request("/"), content, LastHttpContent.EMPTY_LAST_CONTENT);
        var patient = sendTo(connection(several));
        gone.close();
        assertThat(content.refCnt()).isZero();
        working.writeOutbound(answer(HttpResponseStatus.OK));
        gone.runPendingTasks();
        patient.runPendingTasks();
        assertPassed(patient);
    }

    @Test
    void whatIsPipelinedBehindAWaitingRequestFollowsIt() {
        var first = fill(withOneWaitingPlace).get(0);
        var pipelining = sendTo(sendTo(connection(withOneWaitingPlace)));
        assertHeld(pipelining);
        first.writeOutbound(answer(HttpResponseStatus.OK));
        pipelining.runPendingTasks();
        assertThat(pipelining.inboundMessages()).hasSize(4);
        assertThat(pipelining.outboundMessages()).isEmpty();
    }

    @Test
    void aLargeBodyIsNotHeld() {
        assertNotHeld(List.of(content(40_000), content(40_000)));
    }

    @Test
    void aBodyOfManyPiecesIsNotHeld() {
        assertNotHeld(Stream.generate(() -> content(1)).limit(300).toList());
    }

    private void assertNotHeld(List<DefaultHttpContent> pieces) {
        fill(withOneWaitingPlace);
        var uploading = connection(withOneWaitingPlace);
        var request = request("/");
        request.headers().set("Transfer-Encoding", "chunked");
        uploading.writeInbound(
                Stream.concat(Stream.of(request), pieces.stream()).toArray());
        refusal(uploading).release();
        assertThat(uploading.isOpen()).isFalse();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    /** As many requests as may be worked on, each on a connection of its own. */
    private List<EmbeddedChannel> fill() {
        return fill(queue);
    }

    private List<EmbeddedChannel> fill(AdmissionQueue queue) {
        var filling = new ArrayList<EmbeddedChannel>();
        for (var i = 0; i < LIMIT; i++) {
            filling.add(sendTo(connection(queue)));
            assertPassed(filling.get(i));
        }
        return filling;
    }

    private EmbeddedChannel connection() {
        return connection(queue);
    }

    private EmbeddedChannel connection(AdmissionQueue queue) {
        var connection = new EmbeddedChannel(new Admission(queue));
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

    private static DefaultHttpContent content(int bytes) {
        return new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    private static void assertHeld(EmbeddedChannel connection) {
        assertThat(connection.inboundMessages()).isEmpty();
        assertThat(connection.outboundMessages()).isEmpty();
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

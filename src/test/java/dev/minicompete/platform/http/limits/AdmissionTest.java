package dev.minicompete.platform.http.limits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.platform.http.problem.ProblemResponse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultPromise;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a server of its own, behind whose filters the test is the application. */
class AdmissionTest {

    private static final int PERMITS = 2;
    private static final int LIMIT = 64 * 1024;
    private static final int BODY_MEMORY = 8_000_000;
    private static final int BODY_OVERHEAD = 16 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private SimpleMeterRegistry metrics;
    private final List<Client> clients = new ArrayList<>();

    /** Requests that have a permit and no response yet. */
    private final BlockingQueue<RoutingContext> inProgress = new LinkedBlockingQueue<>();

    private final AtomicInteger closed = new AtomicInteger();
    private int port;

    @BeforeEach
    void startWithoutQueue() throws Exception {
        start(0);
    }

    private void start(int queueLimit) throws Exception {
        metrics = new SimpleMeterRegistry();
        var config = new SmallRyeConfigBuilder()
                .withMapping(HttpLimitsConfig.class)
                .withDefaultValue("api.requests-in-progress", "" + PERMITS)
                .withDefaultValue("api.requests-waiting", "" + queueLimit)
                .build()
                .getConfigMapping(HttpLimitsConfig.class);
        var problems = new ProblemResponse();
        var admission = new Admission(config, problems, metrics);
        var filters = new Filters();
        admission.register(filters);
        new BodyReader(LIMIT, LIMIT, BODY_MEMORY, problems, admission).register(filters);
        var router = Router.router(vertx);
        for (var filter : filters.getFilters()) {
            router.route().order(-filter.getPriority()).handler(filter.getHandler());
        }
        router.route().handler(inProgress::add);
        port = vertx.createHttpServer()
                .connectionHandler(connection -> connection.closeHandler(end -> closed.incrementAndGet()))
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        for (var client : clients) {
            client.socket.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void requestBeyondPermitsIsRejectedWithProblem() throws Exception {
        fill();
        var rejected = get().response();
        assertThat(rejected)
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("retry-after: 2\r\n")
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("cache-control: no-store")
                .doesNotContainIgnoringCase("connection: close")
                .contains("\"code\":\"unavailable\"");
        assertThat(metrics.get("http.server.refused").counter().count()).isOne();
    }

    @Test
    void endOfResponseReleasesPermit() throws Exception {
        var first = fill().get(0);
        end(first);
        get();
        next();
        assertThat(get().response()).startsWith("HTTP/1.1 503");
    }

    @Test
    void startOfResponseDoesNotReleasePermit() throws Exception {
        var first = fill().get(0);
        run(first, () -> first.response().setChunked(true).write("a"));
        assertThat(get().response()).startsWith("HTTP/1.1 503");
    }

    @Test
    void failureReleasesPermit() throws Exception {
        var first = fill().get(0);
        run(first, () -> first.fail(new IllegalStateException("made by the test")));
        get();
        next();
    }

    @Test
    void resetOfResponseReleasesPermitOnce() throws Exception {
        var first = fill().get(0);
        run(first, () -> first.response().reset());
        get();
        next();
        assertThat(get().response()).startsWith("HTTP/1.1 503");
    }

    @Test
    void closedConnectionReleasesPermitOnce() throws Exception {
        start(10);
        fill();
        get();
        get();
        awaitWaiting(2);
        clients.get(0).socket.close();
        next();
        awaitWaiting(1);
        assertThat(inProgress).isEmpty();
    }

    @Test
    void keptConnectionGathersNoListeners() throws Exception {
        var client = client();
        for (var i = 0; i < 100; i++) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var context = next();
            await("one permit that listens")
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> permitListeners(context) == 1);
            run(context, context::end);
            client.response();
        }
        fill();
        client.socket.close();
        assertThat(get().response()).startsWith("HTTP/1.1 503");
    }

    @Test
    void requestsWaitInOrderOfArrival() throws Exception {
        start(10);
        var working = fill();
        for (var number = 0; number < 3; number++) {
            client().send("GET /" + number + " HTTP/1.1\r\nHost: a\r\n\r\n");
            awaitWaiting(number + 1);
        }
        for (var number = 0; number < 3; number++) {
            assertThat(inProgress).isEmpty();
            end(working.get(number));
            var next = next();
            assertThat(next.request().path()).isEqualTo("/" + number);
            working.add(next);
        }
        awaitWaiting(0);
        get();
        awaitWaiting(1);
    }

    @Test
    void requestBeyondQueueIsRejected() throws Exception {
        start(1);
        fill();
        get();
        awaitWaiting(1);
        assertThat(get().response()).startsWith("HTTP/1.1 503");
    }

    @Test
    void clientThatLeavesQueueIsSkipped() throws Exception {
        start(2);
        var working = fill();
        var leaving = client();
        leaving.send("GET /leaving HTTP/1.1\r\nHost: a\r\n\r\n");
        awaitWaiting(1);
        client().send("GET /staying HTTP/1.1\r\nHost: a\r\n\r\n");
        awaitWaiting(2);
        leaving.socket.close();
        await("the server to notice").until(() -> closed.get() == 1);
        end(working.get(0));
        assertThat(next().request().path()).isEqualTo("/staying");
    }

    @Test
    void bodyThatWaitedIsPassedOn() throws Exception {
        start(1);
        var working = fill();
        client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        awaitWaiting(1);
        end(working.get(0));
        assertThat(next().body().asString()).isEqualTo("hello");
    }

    @Test
    void requestWithOutstandingBodyTakesNoPermit() throws Exception {
        for (var slow = 0; slow < 10 * PERMITS; slow++) {
            client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
        }
        fill();
    }

    @Test
    void requestsInProgressAreBoundedWhenBodiesFollowHeads() throws Exception {
        var crowd = new ArrayList<Client>();
        for (var i = 0; i < 200; i++) {
            var client = client();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
            crowd.add(client);
        }
        for (var client : crowd) {
            client.send("hello");
        }
        await("everybody")
                .until(() -> inProgress.size()
                                + metrics.get("http.server.refused").counter().count()
                        == crowd.size());
        assertThat(inProgress).hasSize(PERMITS);
    }

    @Test
    void outstandingBodiesAreBounded() throws Exception {
        var crowd = new ArrayList<Client>();
        for (var i = 0; i < 2 * BODY_MEMORY / LIMIT; i++) {
            var client = client();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            crowd.add(client);
        }
        await("a body without room")
                .until(() -> metrics.get("http.server.refused").counter().count() > 0);
        var whole = client();
        whole.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        next();
        for (var client : crowd) {
            client.socket.close();
        }
        // Their memory is free again.
        await("room").until(() -> {
            var client = client();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
            return client.response().startsWith("HTTP/1.1 100");
        });
    }

    @Test
    void requestBeyondMemoryOfBodiesIsRejectedAndItsConnectionClosed() throws Exception {
        var head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
        for (var fitting = 0; fitting < BODY_MEMORY / (LIMIT + BODY_OVERHEAD); fitting++) {
            var client = client();
            client.send(head);
            assertThat(client.head()).startsWith("HTTP/1.1 100");
        }
        var client = client();
        client.send(head);
        assertThat(client.response()).startsWith("HTTP/1.1 503").contains("\"code\":\"unavailable\"");
        client.send("0\r\n\r\n");
        assertThat(client.socket.getInputStream().read()).as("end of stream").isEqualTo(-1);
    }

    @Test
    void rejectedHeadLeavesConnectionInStep() throws Exception {
        var working = fill();
        var client = client();
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 503");
        end(working.get(0));
        client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        var next = next();
        run(next, () -> next.end("next"));
        assertThat(client.response()).startsWith("HTTP/1.1 200").endsWith("next");
    }

    @Test
    void connectionIsReadAgainAfterRetryAfter() throws Exception {
        var working = fill();
        var beforeRejection = System.nanoTime();
        var client = get();
        client.response();
        end(working.get(0));
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        next();
        assertThat(System.nanoTime() - beforeRejection).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void pipelinedRequestsAreServedInOrder() throws Exception {
        start(1);
        var working = fill();
        var client = client();
        client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        awaitWaiting(1);
        end(working.get(0));
        var first = next();
        assertThat(first.request().path()).isEqualTo("/1");
        run(first, () -> first.end("one"));
        assertThat(client.response()).endsWith("one");
        assertThat(next().request().path()).isEqualTo("/2");
    }

    /** The number of permits that listen to the end of this connection; only Netty's private fields have them. */
    private static long permitListeners(RoutingContext context) throws ReflectiveOperationException {
        var closed = ((ConnectionBase) context.request().connection()).channel().closeFuture();
        synchronized (closed) {
            var several = privateField(DefaultPromise.class, "listeners", closed);
            var listeners = several == null
                    ? new Object[] {privateField(DefaultPromise.class, "listener", closed)}
                    : (Object[]) privateField(several.getClass(), "listeners", several);
            return Stream.of(listeners)
                    .filter(Objects::nonNull)
                    .filter(listener -> listener.getClass().getEnclosingClass() == Admission.class)
                    .count();
        }
    }

    private static Object privateField(Class<?> type, String name, Object object) throws ReflectiveOperationException {
        var field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    /** As many requests as there are permits, each on a connection of its own. */
    private List<RoutingContext> fill() throws Exception {
        var contexts = new ArrayList<RoutingContext>();
        for (var i = 0; i < PERMITS; i++) {
            get();
            contexts.add(next());
        }
        return contexts;
    }

    private Client get() throws IOException {
        var client = client();
        client.send("GET /api/competitions HTTP/1.1\r\nHost: a\r\n\r\n");
        return client;
    }

    private RoutingContext next() throws InterruptedException {
        var next = inProgress.poll(5, TimeUnit.SECONDS);
        assertThat(next).as("a request with a permit").isNotNull();
        return next;
    }

    private void awaitWaiting(int count) {
        await("requests that wait")
                .until(() -> metrics.get("http.server.waiting").gauge().value() == count);
    }

    private static void end(RoutingContext context) {
        run(context, context::end);
    }

    private static void run(RoutingContext context, Runnable action) {
        context.vertx().runOnContext(later -> action.run());
    }

    private Client client() throws IOException {
        var client = new Client(new Socket("127.0.0.1", port));
        client.socket.setSoTimeout(5_000);
        clients.add(client);
        return client;
    }

    private record Client(Socket socket) {

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        /** Reads a status line and headers. */
        String head() throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                var next = socket.getInputStream().read();
                assertThat(next).as("the next byte after: %s", head).isNotNegative();
                head.append((char) next);
            }
            return head.toString();
        }

        /** Reads a response with its body. */
        String response() throws IOException {
            var head = head();
            var length = head.toLowerCase().split("content-length: ");
            return length.length == 1
                    ? head
                    : head
                            + new String(
                                    socket.getInputStream()
                                            .readNBytes(
                                                    Integer.parseInt(length[1].substring(0, length[1].indexOf('\r')))),
                                    ISO_8859_1);
        }
    }
}

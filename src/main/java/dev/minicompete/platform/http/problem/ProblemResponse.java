package dev.minicompete.platform.http.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Answers a request that gets no further than the filters, and ends its connection. */
@Singleton
public class ProblemResponse {

    /** A client that is still sending gets so long to read the answer: closing at once would reset the connection. */
    private static final long LINGER_MILLIS = 2_000;

    private final ObjectMapper mapper;

    ProblemResponse(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    public void send(RoutingContext context, ProblemException problem) {
        var request = context.request();
        context.response()
                .setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(json(problem))
                .onComplete(sent -> close(context, request, request.connection()));
    }

    private static void close(RoutingContext context, HttpServerRequest request, HttpConnection connection) {
        if (request.isEnded()) {
            connection.close();
            return;
        }
        var timer = context.vertx().setTimer(LINGER_MILLIS, late -> connection.close());
        request.exceptionHandler(gone -> context.vertx().cancelTimer(timer))
                .handler(discarded -> {})
                .endHandler(end -> {
                    context.vertx().cancelTimer(timer);
                    connection.close();
                })
                .resume();
    }

    private String json(ProblemException problem) {
        try {
            return mapper.writeValueAsString(problem.problem());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

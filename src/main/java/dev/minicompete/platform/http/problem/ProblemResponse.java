package dev.minicompete.platform.http.problem;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Sends a problem from a Vert.x filter. Problems of resources are sent by {@link ProblemMappers}. */
@Singleton
public class ProblemResponse {

    /** How long a client that is still sending may take to read the response: closing at once would reset the connection. */
    private static final long LINGER_MILLIS = 2_000;

    /** Sends the problem and closes the connection, also when the request's body is outstanding. */
    public void send(RoutingContext context, ProblemException problem) {
        var request = context.request();
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        write(context, problem).onComplete(sent -> close(context, request, request.connection()));
    }

    /** Sends the problem in response to a request that was received in full; the connection serves further requests. */
    public void sendAndKeepOpen(RoutingContext context, ProblemException problem) {
        write(context, problem);
    }

    private Future<Void> write(RoutingContext context, ProblemException problem) {
        var response = context.response();
        problem.headers().forEach(response::putHeader);
        return response.setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Json.encodeToBuffer(problem.problem()));
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
}

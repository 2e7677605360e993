package dev.minicompete.platform.http.limits;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemResponse;
import dev.minicompete.platform.http.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Refuses bodies that are over the limit. Quarkus would do so too, but without a problem in its answer. */
@Singleton
class BodyLimit {

    /** Before Quarkus's own check, which stands at 2. */
    private static final int PRIORITY = 1_000;

    private final long limit;
    private final ProblemResponse refusal;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit, ProblemResponse refusal) {
        this.limit = limit.asLongValue();
        this.refusal = refusal;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        var request = context.request();
        var announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && exceeds(announced)) {
            refuse(context);
        } else if (announced == null && request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            gather(context);
        } else {
            context.next();
        }
    }

    /** A body of unannounced length is read here, as far as the limit; whoever wants it finds it in the context. */
    private void gather(RoutingContext context) {
        var body = Buffer.buffer();
        context.request()
                .handler(chunk -> {
                    if (body.length() + chunk.length() <= limit) {
                        body.appendBuffer(chunk);
                    } else if (!context.response().ended()) {
                        refuse(context);
                    }
                })
                .endHandler(end -> {
                    if (!context.response().ended()) {
                        ((RoutingContextInternal) context).setBody(body);
                        context.next();
                    }
                });
        Expectation.grant(context.request());
    }

    private boolean exceeds(String announced) {
        // Netty has refused anything but digits already; more than 18 of them do not fit a long.
        return announced.length() > 18 || Long.parseLong(announced) > limit;
    }

    private void refuse(RoutingContext context) {
        refusal.send(
                context,
                ProblemException.of(
                        ProblemType.PAYLOAD_TOO_LARGE, "The body is larger than " + limit / 1024 + " KiB."));
    }
}

package dev.minicompete.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.problem.Problem;
import dev.minicompete.problem.ProblemException;
import dev.minicompete.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses bodies whose announced length is over the limit. Quarkus would do so too, but without a problem in its answer;
 * bodies of unannounced length are left to it.
 */
@Singleton
class BodyLimit {

    /** Before Quarkus's own check, which stands at 2. */
    private static final int PRIORITY = 1_000;

    private final long limit;
    private final ObjectMapper mapper;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit, ObjectMapper mapper) {
        this.limit = limit.asLongValue();
        this.mapper = mapper;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        var announced = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && exceeds(announced)) {
            refuse(context);
        } else {
            context.next();
        }
    }

    private boolean exceeds(String announced) {
        // Netty has refused anything but digits already; more than 18 of them do not fit a long.
        return announced.length() > 18 || Long.parseLong(announced) > limit;
    }

    private void refuse(RoutingContext context) {
        var problem =
                ProblemException.of(ProblemType.PAYLOAD_TOO_LARGE, "The body is larger than " + limit / 1024 + " KiB.");
        context.response()
                .setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(json(problem))
                .onComplete(sent -> context.request().connection().close());
    }

    private String json(ProblemException problem) {
        try {
            return mapper.writeValueAsString(problem.problem());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

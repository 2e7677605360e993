package dev.minicompete.platform.http.limits;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemResponse;
import dev.minicompete.platform.http.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Receives each body in full before its request goes on; later handlers find it in {@link RoutingContext#body()}. Forms may be larger than
 * the bodies of the API, since the same text is longer in them. A body over the limit gets 413, which Quarkus would send without a
 * problem. The memory of all bodies that are outstanding is bounded; a request beyond that bound gets 503.
 */
@Singleton
class BodyReader {

    /** Before Quarkus' own check of the length, which has priority 2. */
    static final int PRIORITY = 1_000;

    /** Bytes of a connection and the objects of its request, besides the body. */
    private static final long OVERHEAD = 16_384;

    private static final String FORM = "application/x-www-form-urlencoded";

    private static final String CONTINUE = "100-continue";

    private final long apiLimit;
    private final long formLimit;
    private final long memory;
    private final ProblemResponse problems;
    private final Admission admission;

    private final AtomicLong outstanding = new AtomicLong();

    @Inject
    BodyReader(
            HttpLimitsConfig config,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize formLimit,
            ProblemResponse problems,
            Admission admission) {
        this(config.maxBodySize(), formLimit.asLongValue(), Runtime.getRuntime().maxMemory() / 4, problems, admission);
    }

    /**
     * A reader with its bounds.
     *
     * @param apiLimit the maximum length of a body for the API, in bytes
     * @param formLimit the same for pages
     * @param memory the maximum memory of outstanding bodies, in bytes
     */
    BodyReader(long apiLimit, long formLimit, long memory, ProblemResponse problems, Admission admission) {
        this.apiLimit = apiLimit;
        this.formLimit = formLimit;
        this.memory = memory;
        this.problems = problems;
        this.admission = admission;
    }

    void register(@Observes Filters filters) {
        filters.register(this::read, PRIORITY);
    }

    private void read(RoutingContext context) {
        var headers = context.request().headers();
        var length = headers.get(HttpHeaders.CONTENT_LENGTH);
        var limit = isForm(context) ? formLimit : apiLimit;
        if (length != null && exceeds(length, limit)) {
            rejectTooLarge(context, limit);
        } else if (length != null) {
            new Reading(context, Long.parseLong(length), limit).begin();
        } else if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            new Reading(context, limit, limit).begin();
        } else {
            context.next();
        }
    }

    /** Whether the body is a form for a page; the API takes no forms. */
    private static boolean isForm(RoutingContext context) {
        var type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null
                && type.regionMatches(true, 0, FORM, 0, FORM.length())
                && !context.request().path().startsWith("/api/");
    }

    private static boolean exceeds(String length, long limit) {
        // Netty has rejected anything but digits. More than 18 of them do not fit a long.
        return length.length() > 18 || Long.parseLong(length) > limit;
    }

    private void rejectTooLarge(RoutingContext context, long limit) {
        problems.send(
                context,
                ProblemException.of(
                        ProblemType.PAYLOAD_TOO_LARGE, "The body is larger than " + limit / 1024 + " KiB."));
    }

    /** One body that is outstanding. */
    private final class Reading {

        private final RoutingContext context;
        private final long limit;
        private final long memoryNeeded;
        private final Buffer body = Buffer.buffer();
        private boolean done;

        Reading(RoutingContext context, long maximumLength, long limit) {
            this.context = context;
            this.limit = limit;
            this.memoryNeeded = OVERHEAD + maximumLength;
        }

        void begin() {
            var request = context.request();
            request.handler(this::append).endHandler(end -> complete()).exceptionHandler(connectionLost -> finish());
            if (outstanding.addAndGet(memoryNeeded) > memory) {
                // A body that came together with its head is complete before the next turn of the event loop.
                Vertx.currentContext().runOnContext(nextTurn -> {
                    if (finish()) {
                        admission.rejectUnread(context);
                    }
                });
            } else if (CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                // RFC 9110, section 10.1.1.
                request.response().writeContinue();
            }
        }

        private void append(Buffer chunk) {
            if (body.length() + chunk.length() <= limit) {
                body.appendBuffer(chunk);
            } else if (finish()) {
                rejectTooLarge(context, limit);
            }
        }

        private void complete() {
            if (finish()) {
                ((RoutingContextInternal) context).setBody(body);
                context.next();
            }
        }

        /** Releases the memory; false when that was done before. */
        private boolean finish() {
            if (done) {
                return false;
            }
            done = true;
            outstanding.addAndGet(-memoryNeeded);
            return true;
        }
    }
}

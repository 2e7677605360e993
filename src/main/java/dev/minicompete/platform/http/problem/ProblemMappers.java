package dev.minicompete.platform.http.problem;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every exception of a resource, its filters or the JAX-RS layer into a response with a {@link Problem}. */
class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** Problems of errors that JAX-RS raises, by status. */
    private static final Map<Integer, ProblemException> BY_STATUS = Map.of(
            400, ProblemException.of(ProblemType.MALFORMED_REQUEST, "The request cannot be read."),
            404, ProblemException.notFound(),
            405, ProblemException.of(ProblemType.METHOD_NOT_ALLOWED, "This address does not support that method."),
            406,
                    ProblemException.of(
                            ProblemType.NOT_ACCEPTABLE, "This address has no representation of an accepted type."),
            413, ProblemException.of(ProblemType.PAYLOAD_TOO_LARGE, "The body is larger than 64 KiB."),
            415, ProblemException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json."));

    private final OutageLog outages = new OutageLog(LOG);
    private final AllowedMethods allowed;
    private final ProblemMetrics metrics;

    ProblemMappers(AllowedMethods allowed, ProblemMetrics metrics) {
        this.allowed = allowed;
        this.metrics = metrics;
    }

    @ServerExceptionMapper
    Response problem(ProblemException failure) {
        return toResponse(failure);
    }

    @ServerExceptionMapper
    Response webApplication(WebApplicationException failure, Request request, UriInfo uri) {
        var original = failure.getResponse();
        if (original.getStatus() < 400) {
            return original;
        }
        var methods = allowed.of(uri.getRequestUri().getPath());
        // Quarkus looks for a path only in the first class whose prefix matches, and responds 404 instead of 405.
        var status = original.getStatus() == 404 && !methods.isEmpty() && !methods.contains(request.getMethod())
                ? 405
                : original.getStatus();
        var known = BY_STATUS.get(status);
        var response = toResponse(known != null ? known : unexpected(failure));
        return status == 405
                ? Response.fromResponse(response)
                        .header(HttpHeaders.ALLOW, String.join(", ", methods))
                        .build()
                : response;
    }

    @ServerExceptionMapper
    Response noToken(UnauthorizedException failure) {
        return toResponse(ProblemException.authenticationRequired());
    }

    @ServerExceptionMapper
    Response badToken(AuthenticationFailedException failure) {
        return toResponse(ProblemException.invalidToken());
    }

    @ServerExceptionMapper
    Response wrongRole(ForbiddenException failure) {
        return toResponse(ProblemException.wrongRole());
    }

    @ServerExceptionMapper
    Response anythingElse(Throwable failure) {
        return toResponse(unexpected(failure));
    }

    private ProblemException unexpected(Throwable failure) {
        if (Failures.isAway(failure)) {
            outages.warn(failure);
            return Failures.unavailable();
        }
        LOG.error("A request failed", failure);
        return ProblemException.of(ProblemType.INTERNAL_ERROR, "Something went wrong on our side; it has been logged.");
    }

    private Response toResponse(ProblemException failure) {
        metrics.count(failure);
        var response = Response.status(failure.type().status())
                .type(Problem.MEDIA_TYPE)
                .entity(failure.problem());
        failure.headers().forEach(response::header);
        return response.build();
    }
}

package dev.minicompete.platform.http.limits;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** A client may wait for leave before it sends its body (RFC 9110, section 10.1.1). */
public final class Expectation {

    private static final String CONTINUE = "100-continue";

    private Expectation() {}

    /** Gives leave to a client that waits for it; to be called by whoever reads a body by himself. */
    public static void grant(HttpServerRequest request) {
        if (CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }
}

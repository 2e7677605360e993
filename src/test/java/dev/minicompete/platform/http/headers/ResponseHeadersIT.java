package dev.minicompete.platform.http.headers;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@FullRun
@QuarkusIntegrationTest
class ResponseHeadersIT extends ResponseHeadersTest {}

package dev.minicompete.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class ResponseHeadersIT extends ResponseHeadersTest {}

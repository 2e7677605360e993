package dev.minicompete.platform.http.openapi;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@FullRun
@QuarkusIntegrationTest
class OpenApiIT extends OpenApiTest {}

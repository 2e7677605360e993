package dev.minicompete.platform.http.problem;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** Runs the same tests against the package. */
@FullRun
@QuarkusIntegrationTest
class RequestIdIT extends RequestIdTest {}

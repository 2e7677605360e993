package dev.minicompete.deadletter;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class FailedJobIT extends FailedJobTest {}

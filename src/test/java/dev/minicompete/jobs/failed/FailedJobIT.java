package dev.minicompete.jobs.failed;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@FullRun
@QuarkusIntegrationTest
class FailedJobIT extends FailedJobTest {}

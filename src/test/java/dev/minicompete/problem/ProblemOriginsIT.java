package dev.minicompete.problem;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class ProblemOriginsIT extends ProblemOriginsTest {}

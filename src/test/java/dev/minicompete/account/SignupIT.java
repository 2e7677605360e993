package dev.minicompete.account;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@FullRun
@QuarkusIntegrationTest
class SignupIT extends SignupTest {}

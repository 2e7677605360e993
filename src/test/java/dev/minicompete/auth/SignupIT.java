package dev.minicompete.auth;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class SignupIT extends SignupTest {}

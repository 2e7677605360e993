package dev.minicompete.registration;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class WaitlistIT extends WaitlistTest {}

package dev.minicompete.auth;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class BearerIT extends BearerTest {}

package dev.minicompete.security;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class HostilePathIT extends HostilePathTest {}

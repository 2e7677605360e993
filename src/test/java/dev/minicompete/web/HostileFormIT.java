package dev.minicompete.web;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class HostileFormIT extends HostileFormTest {}

package dev.minicompete.mailbox;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class SmtpIT extends SmtpTest {}

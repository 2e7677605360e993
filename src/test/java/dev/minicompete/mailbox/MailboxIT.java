package dev.minicompete.mailbox;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The tests of the superclass against the package. */
@FullRun
@QuarkusIntegrationTest
class MailboxIT extends MailboxTest {}

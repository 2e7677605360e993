package dev.minicompete.registration;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The tests of the superclass against the package. */
@FullRun
@QuarkusIntegrationTest
class LockedCompetitionIT extends LockedCompetitionTest {}

package dev.minicompete.competition;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@FullRun
@QuarkusIntegrationTest
class CreateCompetitionIT extends CreateCompetitionTest {}

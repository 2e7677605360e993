package dev.minicompete.competition;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@QuarkusIntegrationTest
class EditPreconditionIT extends EditPreconditionTest {}

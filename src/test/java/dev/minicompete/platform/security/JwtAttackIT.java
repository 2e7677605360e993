package dev.minicompete.platform.security;

import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the package. */
@FullRun
@QuarkusIntegrationTest
class JwtAttackIT extends JwtAttackTest {}

package dev.minicompete.platform.telemetry;

import io.prometheus.client.exemplars.ExemplarSampler;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Disables exemplars, the references from metrics to traces. The sampler of OpenTelemetry looks for the current span at each count and
 * each timing, and creates a Vert.x context wherever there is none: about a hundred for each registration.
 */
@Singleton
class NoExemplars {

    @Produces
    @Alternative
    @Priority(1)
    Optional<ExemplarSampler> disabled() {
        return Optional.empty();
    }
}

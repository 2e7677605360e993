package dev.minicompete.platform.telemetry;

import io.prometheus.client.exemplars.ExemplarSampler;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * No metric names a trace. The sampler that comes with OpenTelemetry looks for one at each count and each time taken, and makes
 * a context of Vert.x wherever it finds none: some hundred for each registration, traced or not.
 */
@Singleton
class NoExemplars {

    @Produces
    @Alternative
    @Priority(1)
    Optional<ExemplarSampler> none() {
        return Optional.empty();
    }
}

package dev.minicompete.jobs.worker;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Reports not ready if the worker should run but has stopped. Waiting for PostgreSQL or Redis does not count. */
@Readiness
@ApplicationScoped
class JobWorkerReadiness implements HealthCheck {

    private final JobWorker worker;

    JobWorkerReadiness(JobWorker worker) {
        this.worker = worker;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("job worker")
                .status(worker.isHealthy())
                .build();
    }
}

package dev.minicompete.jobs.worker;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready when the worker, where there should be one, has stopped. That it waits for Redis is no stop. */
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

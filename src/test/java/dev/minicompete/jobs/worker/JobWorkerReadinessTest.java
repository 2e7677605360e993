package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

@QuarkusTest
class JobWorkerReadinessTest {

    @Inject
    JobWorker worker;

    @Inject
    @Readiness
    JobWorkerReadiness readiness;

    @Test
    void readinessIsDownWhenTheWorkerHasStopped() {
        assertThat(readiness.call().getStatus()).isEqualTo(Status.UP);

        worker.stop(new ShutdownEvent());
        try {
            assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
        } finally {
            worker.start(new StartupEvent());
        }

        assertThat(readiness.call().getStatus()).isEqualTo(Status.UP);
    }
}

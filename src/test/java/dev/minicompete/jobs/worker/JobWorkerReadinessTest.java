package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

@QuarkusTest
class JobWorkerReadinessTest {

    @Inject
    JobWorker worker;

    @Test
    void readinessIsDownWhenTheWorkerHasStopped() {
        assertThat(worker.readiness().call().getStatus()).isEqualTo(Status.UP);

        worker.stop(new ShutdownEvent());
        try {
            assertThat(worker.readiness().call().getStatus()).isEqualTo(Status.DOWN);
        } finally {
            worker.start(new StartupEvent());
        }

        assertThat(worker.readiness().call().getStatus()).isEqualTo(Status.UP);
    }
}

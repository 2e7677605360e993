package dev.minicompete.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(JobWorkerReadinessTest.OwnApplication.class)
class JobWorkerReadinessTest {

    /** The worker is stopped here, so no other test may use the application. */
    public static final class OwnApplication implements QuarkusTestProfile {}

    @Inject
    JobWorker worker;

    @Inject
    @Readiness
    JobWorkerReadiness readiness;

    @Test
    void readinessSaysWhenTheWorkerHasStopped() {
        assertThat(readiness.call().getStatus()).isEqualTo(Status.UP);

        worker.stop(new ShutdownEvent());

        assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
    }
}

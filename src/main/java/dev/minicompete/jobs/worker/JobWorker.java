package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobsConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts and stops the worker verticle with the process, if this process works on jobs, and reports its health. */
@ApplicationScoped
class JobWorker {

    private static final Logger LOG = Logger.getLogger(JobWorker.class);

    /** After this time the process stops; other workers take over the jobs when the heartbeat expires. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    /** Jobs run on worker threads, so that hundreds of mails do not block the event loops. */
    private static final DeploymentOptions OFF_THE_EVENT_LOOPS =
            new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);

    private final Vertx vertx;
    private final JobsConfig config;
    private final Instance<JobWorkerVerticle> verticles;
    private @Nullable JobWorkerVerticle verticle;
    private @Nullable Uni<String> deployment;

    JobWorker(Vertx vertx, JobsConfig config, Instance<JobWorkerVerticle> verticles, MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.verticles = verticles;
        Gauge.builder(
                        "jobs.loops.stalled",
                        this,
                        worker -> worker.stalledLoops().size())
                .description("Loops of this process's job worker that hang")
                .register(metrics);
    }

    /** Deploys the verticle. */
    void start(@Observes StartupEvent started) {
        if (config.workerEnabled()) {
            verticle = verticles.get();
            deployment = vertx.deployVerticle(verticle, OFF_THE_EVENT_LOOPS)
                    .memoize()
                    .indefinitely();
            deployment.await().indefinitely();
        }
    }

    private List<String> stalledLoops() {
        return verticle == null ? List.of() : verticle.stalledLoops();
    }

    /** Not ready if the worker should run but has stopped or a loop hangs. Waiting for PostgreSQL or Redis does not count. */
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck readiness() {
        return () -> {
            var stalled = stalledLoops();
            var running = verticle != null && !verticle.isStopping();
            return HealthCheckResponse.named("job worker")
                    .status(!config.workerEnabled() || running && stalled.isEmpty())
                    .withData("stalled loops", String.join(", ", stalled))
                    .build();
        };
    }

    /** Undeploys the verticle. */
    void stop(@Observes ShutdownEvent stopping) {
        if (deployment != null) {
            deployment
                    .flatMap(vertx::undeploy)
                    .ifNoItem()
                    .after(STOP_TIMEOUT)
                    .fail()
                    .onFailure()
                    .invoke(failure -> LOG.warnf("The job worker did not stop in time: %s", failure))
                    .onFailure()
                    .recoverWithNull()
                    .await()
                    .indefinitely();
        }
    }
}

package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobsConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts and stops the worker verticle with the process, if this process works on jobs. */
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

    JobWorker(Vertx vertx, JobsConfig config, Instance<JobWorkerVerticle> verticles) {
        this.vertx = vertx;
        this.config = config;
        this.verticles = verticles;
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

    /** Whether the worker is running, or not configured to run in this process. */
    boolean isHealthy() {
        return !config.workerEnabled() || verticle != null && verticle.isRunning();
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

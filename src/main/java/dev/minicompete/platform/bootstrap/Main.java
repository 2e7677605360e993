package dev.minicompete.platform.bootstrap;

import dev.minicompete.platform.http.limits.ConnectionGuard;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.SmallRyeConfigBuilder;

/**
 * Production's main class. It refuses to start with a mistake in its environment, or with a schema that does not fit, in one
 * line; and it waits for PostgreSQL, which may come up after it.
 */
@QuarkusMain
public class Main {

    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";

    public static void main(String... args) {
        var environment = new Environment(new SmallRyeConfigBuilder()
                .addSystemSources()
                .withSources(new DotEnvConfigSourceProvider())
                .build());
        environment.refusal().ifPresent(Main::refuse);
        // A migration may run beside a process that has the ports.
        if (!environment.isMigrationOnly()) {
            StartupServer.open(environment).ifPresent(Main::refuse);
        }
        new PostgresWait(environment).refusal().ifPresent(Main::refuse);
        ConnectionGuard.install();
        sizeEventLoops(environment);
        Quarkus.run(null, Main::end, args);
    }

    /**
     * Half as many as there are cores, not twice as many: nothing on them ever waits, and what takes a request from one to
     * another wakes a thread, which costs more than most of what it then does. The other half is for jobs, hashes and garbage.
     */
    private static void sizeEventLoops(Environment environment) {
        var cores = Runtime.getRuntime().availableProcessors();
        System.setProperty(EVENT_LOOPS, environment.get(EVENT_LOOPS, Integer.toString(Math.max(1, cores / 2))));
    }

    private static void refuse(String reason) {
        System.err.println("Mini Compete does not start: " + reason);
        System.exit(1);
    }

    /** Quarkus has nothing more to say: with this handler it leaves it to us what is said of a failed start. */
    private static void end(int code, Throwable failure) {
        if (failure != null && code != 0) {
            var reason = StartFailure.describe(failure);
            if (reason.isEmpty()) {
                failure.printStackTrace();
            }
            refuse(reason.orElse("something unforeseen happened, see above"));
        }
        System.exit(code);
    }
}

package dev.minicompete.platform.bootstrap;

import dev.minicompete.platform.http.limits.ConnectionGuard;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The main class in production. It checks the environment and waits for PostgreSQL before it starts Quarkus, and reports a failed start in
 * one line.
 */
@QuarkusMain
public class Main {

    private static final String PROXIES = "TRUSTED_PROXIES";
    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";

    private static final String JDBC_PROPERTIES = "quarkus.datasource.jdbc.additional-jdbc-properties.";

    public static void main(String... args) {
        var environment = environment();
        environment.firstError().ifPresent(Main::exit);
        var proxies = environment.get(PROXIES, "");
        if (!proxies.isEmpty()) {
            System.setProperty(PROXIES, VariableChecks.trustedProxies(proxies));
        }
        // A migration may run beside a process that uses the ports.
        if (!environment.isMigrationOnly()) {
            StartupServer.open(environment).ifPresent(Main::exit);
        }
        new PostgresWait(environment).await().ifPresent(Main::exit);
        ConnectionGuard.install();
        encryptMigrations(environment);
        sizeEventLoops(environment);
        Quarkus.run(null, Main::end, args);
    }

    private static Environment environment() {
        try {
            return new Environment(DotEnv.setProperties());
        } catch (IOException unreadable) {
            exit(".env cannot be read: " + StartFailure.line(unreadable));
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Half as many event loops as cores, where Quarkus has twice as many: nothing blocks them, and passing a request from one to another
     * wakes a thread, which costs more than most of the work passed. The other cores run jobs, hashes and garbage collection.
     */
    private static void sizeEventLoops(Environment environment) {
        var cores = Runtime.getRuntime().availableProcessors();
        System.setProperty(EVENT_LOOPS, environment.get(EVENT_LOOPS, Integer.toString(Math.max(1, cores / 2))));
    }

    /** The reactive client reads the variables by itself. These are properties, of which Quarkus would expand a dollar sign. */
    private static void encryptMigrations(Environment environment) {
        environment
                .postgresTls()
                .jdbcProperties()
                .forEach((name, value) -> System.setProperty(JDBC_PROPERTIES + name, value.replace("$", "$$")));
    }

    private static void exit(String reason) {
        System.err.println("Mini Compete does not start: " + reason);
        System.exit(1);
    }

    /** Replaces Quarkus' own report of a failed start. */
    private static void end(int code, @Nullable Throwable failure) {
        if (failure != null && code != 0) {
            var reason = StartFailure.describe(failure);
            if (reason.isEmpty()) {
                failure.printStackTrace();
            }
            exit(reason.orElse("an unexpected error, see above"));
        }
        System.exit(code);
    }
}

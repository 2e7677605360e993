package dev.minicompete.platform.postgres;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while PostgreSQL does not answer; that is said in time, which the check that Quarkus brings would not. */
@Readiness
@ApplicationScoped
class PostgresReadiness implements AsyncHealthCheck {

    private final Pool pool;

    PostgresReadiness(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Database.inTime(pool.query("SELECT 1").execute())
                .map(rows -> true)
                .onFailure()
                .recoverWithItem(false)
                .map(answers ->
                        HealthCheckResponse.named("PostgreSQL").status(answers).build());
    }
}

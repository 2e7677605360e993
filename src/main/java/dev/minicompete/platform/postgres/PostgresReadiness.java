package dev.minicompete.platform.postgres;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while PostgreSQL does not respond. Unlike Quarkus' own check it has a deadline. */
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
                .map(up -> HealthCheckResponse.named("PostgreSQL").status(up).build());
    }
}

package dev.minicompete.competition;

import dev.minicompete.platform.http.PublicUrl;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Reads calendar files within the transactions of jobs, which have no Hibernate session. */
@Singleton
public class CalendarFileQuery {

    private static final String FIND = "SELECT " + Competition.COLUMNS + "FROM competitions c WHERE c.id = $1";

    private final PublicUrl publicUrl;

    CalendarFileQuery(PublicUrl publicUrl) {
        this.publicUrl = publicUrl;
    }

    /** A competition as a calendar file; empty when there is none. */
    public Uni<Optional<String>> find(SqlConnection transaction, UUID competitionId) {
        return transaction
                .preparedQuery(FIND)
                .execute(Tuple.of(competitionId))
                .map(rows -> Optional.ofNullable(
                        Rows.first(rows, row -> CalendarFile.of(Competition.of(row), publicUrl::of))));
    }
}

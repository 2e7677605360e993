package dev.minicompete.competition;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Calendar files for jobs, which have no Hibernate session. */
@Singleton
public class CalendarFiles {

    private static final String FIND = """
            SELECT id, title, description, location, starts_at, ends_at, cancelled_at, version, created_at, updated_at
            FROM competitions WHERE id = $1
            """;

    /** A competition as a calendar file; empty when there is none. */
    public Uni<Optional<String>> find(SqlConnection transaction, UUID competitionId) {
        return transaction
                .preparedQuery(FIND)
                .execute(Tuple.of(competitionId))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(CalendarFiles::competition)
                        .map(CalendarFile::of)
                        .findFirst());
    }

    private static Competition competition(Row row) {
        var competition = new Competition();
        competition.id = row.getUUID("id");
        competition.title = row.getString("title");
        competition.description = row.getString("description");
        competition.location = row.getString("location");
        competition.startsAt = instant(row.getOffsetDateTime("starts_at"));
        competition.endsAt = instant(row.getOffsetDateTime("ends_at"));
        competition.cancelledAt = instant(row.getOffsetDateTime("cancelled_at"));
        competition.version = row.getInteger("version");
        competition.createdAt = instant(row.getOffsetDateTime("created_at"));
        competition.updatedAt = instant(row.getOffsetDateTime("updated_at"));
        return competition;
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}

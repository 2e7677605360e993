package dev.minicompete.competition;

import dev.minicompete.platform.postgres.Rows;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A competition as it is stored. The registration batch counts the seats by SQL, never through this entity. */
@Entity
@Table(name = "competitions")
@DynamicUpdate
class Competition {

    /** The columns of the alias {@code c} that {@link #of} reads. */
    static final String COLUMNS = """
            c.id, c.organizer_id, c.title, c.description, c.location, c.tags, c.capacity, c.registered, c.waitlist, c.waitlisted,
            c.reg_deadline, c.starts_at, c.ends_at, c.cancelled_at, c.version, c.created_at, c.updated_at
            """;

    @Id
    UUID id;

    UUID organizerId;
    String title;
    String description;

    @Nullable
    String location;

    String[] tags;
    int capacity;
    int registered;
    boolean waitlist;
    int waitlisted;
    Instant regDeadline;
    Instant startsAt;

    @Nullable
    Instant endsAt;

    @Nullable
    Instant cancelledAt;

    int version;
    Instant createdAt;
    Instant updatedAt;

    /** Maps a row with {@link #COLUMNS}. */
    static Competition of(Row row) {
        var competition = new Competition();
        competition.id = row.getUUID("id");
        competition.organizerId = row.getUUID("organizer_id");
        competition.title = row.getString("title");
        competition.description = row.getString("description");
        competition.location = row.getString("location");
        competition.tags = row.getArrayOfStrings("tags");
        competition.capacity = row.getInteger("capacity");
        competition.registered = row.getInteger("registered");
        competition.waitlist = row.getBoolean("waitlist");
        competition.waitlisted = row.getInteger("waitlisted");
        competition.regDeadline = Rows.instant(row, "reg_deadline");
        competition.startsAt = Rows.instant(row, "starts_at");
        competition.endsAt = Rows.instantOrNull(row, "ends_at");
        competition.cancelledAt = Rows.instantOrNull(row, "cancelled_at");
        competition.version = row.getInteger("version");
        competition.createdAt = Rows.instant(row, "created_at");
        competition.updatedAt = Rows.instant(row, "updated_at");
        return competition;
    }
}

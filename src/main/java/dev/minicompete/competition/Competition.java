package dev.minicompete.competition;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** A competition as PostgreSQL keeps it. Seats are counted by the registration batch, never through this entity. */
@Entity
@Table(name = "competitions")
@DynamicUpdate
class Competition {

    @Id
    UUID id;

    UUID organizerId;
    String title;
    String description;
    String location;
    String[] tags;
    int capacity;
    int registered;
    boolean waitlist;
    int waitlisted;
    Instant regDeadline;
    Instant startsAt;
    Instant endsAt;
    Instant cancelledAt;
    int version;
    Instant createdAt;
    Instant updatedAt;
}

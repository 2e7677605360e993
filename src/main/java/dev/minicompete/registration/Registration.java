package dev.minicompete.registration;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A registration as PostgreSQL keeps it; read through this entity, written by the batch. */
@Entity
@Table(name = "registrations")
class Registration {

    static final String CONFIRMED = "confirmed";
    static final String WAITLISTED = "waitlisted";
    static final String CANCELLED = "cancelled";
    static final String EXPIRED = "expired";

    @Id
    UUID id;

    UUID competitionId;
    UUID participantId;
    String status;
    String note;
    Long place;
    Instant createdAt;
    Instant cancelledAt;
}

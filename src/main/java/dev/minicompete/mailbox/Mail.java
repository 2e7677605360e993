package dev.minicompete.mailbox;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A mail as PostgreSQL keeps it. Its id is that of the job that delivered it. */
@Entity
@Table(name = "mailbox")
class Mail {

    @Id
    UUID id;

    UUID userId;
    String kind;
    String subject;
    String body;
    UUID competitionId;
    UUID registrationId;
    Instant createdAt;
    Instant readAt;
}

package dev.minicompete.account;

import dev.minicompete.platform.security.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** An account. Nothing in it ever changes. */
@Entity
@Table(name = "users")
public class User {

    @Id
    UUID id;

    String name;

    /** In lower case. */
    String email;

    @Enumerated(EnumType.STRING)
    Role role;

    /** A PHC string. */
    @Column(name = "password_hash")
    String passwordHash;

    @Column(name = "created_at")
    Instant createdAt;

    /** The name that others see. */
    public String name() {
        return name;
    }
}

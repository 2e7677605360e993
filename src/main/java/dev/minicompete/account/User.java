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

/** The entity of an account. Rows are inserted and never updated. */
@Entity
@Table(name = "users")
public class User {

    @Id
    UUID id;

    String name;

    /** Always in lower case. */
    String email;

    @Enumerated(EnumType.STRING)
    Role role;

    /** The Argon2id hash as a PHC string. */
    @Column(name = "password_hash")
    String passwordHash;

    @Column(name = "created_at")
    Instant createdAt;

    /** The name that other people see. */
    public String name() {
        return name;
    }
}

package dev.minicompete.registration;

/** What a registration is, as PostgreSQL and the API spell it. */
final class RegistrationStatus {

    static final String CONFIRMED = "confirmed";
    static final String WAITLISTED = "waitlisted";
    static final String CANCELLED = "cancelled";
    static final String EXPIRED = "expired";

    private RegistrationStatus() {}
}

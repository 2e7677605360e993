package dev.minicompete.web;

import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.registration.SeatAvailability;
import io.quarkus.qute.TemplateData;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The panel of a competition's page in which a visitor registers or sees their registration.
 *
 * @param key the idempotency key of the form
 * @param note the note that was entered
 * @param message an error message
 * @param tries how often the page has polled for a request with this key that is in progress; 0 if none is
 */
@TemplateData
public record RegistrationPanel(
        SeatAvailability availability,
        Viewer viewer,
        String key,
        @Nullable String note,
        @Nullable String message,
        int tries) {

    /** One try a second; the claim of a process that died has expired by then. */
    private static final int MAXIMUM_TRIES = 30;

    /** The role of the visitor; {@code ORGANIZER} of other competitions. */
    @TemplateData(namespace = "Viewer")
    public enum Viewer {
        ANONYMOUS,
        PARTICIPANT,
        OWNER,
        ORGANIZER
    }

    /** Creates a panel with a new key. */
    static RegistrationPanel of(SeatAvailability availability, Visitor visitor) {
        return new RegistrationPanel(
                availability, viewer(availability, visitor), UUID.randomUUID().toString(), "", null, 0);
    }

    /** The panel with this key, with what was entered, and with the reason why it was not accepted. */
    RegistrationPanel rejected(String otherKey, @Nullable String entered, @Nullable String reason) {
        return new RegistrationPanel(availability, viewer, otherKey, entered, reason, tries);
    }

    /** Returns the panel while a request with this key is in progress; after the last try it shows the form again. */
    RegistrationPanel inProgress(String otherKey, int otherTries) {
        var polls = availability.registrationId() == null && otherTries <= MAXIMUM_TRIES;
        return new RegistrationPanel(availability, viewer, otherKey, note, message, polls ? otherTries : 0);
    }

    /** Whether the page polls for a request in progress. */
    public boolean isInProgress() {
        return tries > 0;
    }

    /** The address of the next poll. */
    public String pollAddress() {
        return address() + "?attempt=" + Labels.inQuery(key) + "&tries=" + (tries + 1);
    }

    /** The address of the competition's page. */
    public String address() {
        return "/competitions/" + availability.competitionId();
    }

    private static Viewer viewer(SeatAvailability availability, Visitor visitor) {
        if (visitor.isOrganizer()) {
            return availability.organizerId().equals(visitor.idOrNull()) ? Viewer.OWNER : Viewer.ORGANIZER;
        }
        return visitor.isParticipant() ? Viewer.PARTICIPANT : Viewer.ANONYMOUS;
    }

    /** Identifies what the panel shows. Open pages replace it only when this changes, since somebody may be typing in it. */
    public String state() {
        var own = availability.registrationStatus() == null
                ? "-"
                : availability.registrationStatus().text();
        return viewer + "." + availability.status() + "." + own + "." + availability.waitlistPosition() + "."
                + availability.waitlist() + "." + availability.started();
    }

    /** Identifies what the whole page shows: the state and the availability. */
    public String seen() {
        return state() + "." + availability.registered() + "." + availability.capacity() + "."
                + availability.waitlisted();
    }

    /** Whether the visitor can get a seat or a place on the waitlist. */
    public boolean isOpen() {
        return availability.registrationId() == null
                && (availability.status() == CompetitionStatus.OPEN || isWaitlistOpen());
    }

    /** Whether the visitor can get a place on the waitlist only. */
    public boolean isWaitlistOpen() {
        return availability.status() == CompetitionStatus.FULL && availability.waitlist();
    }

    /** The bar that shows how full the competition is. */
    public Seats seats() {
        return new Seats(
                availability.capacity(), availability.registered(), availability.waitlisted(), availability.status());
    }
}

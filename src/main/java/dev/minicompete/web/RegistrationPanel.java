package dev.minicompete.web;

import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.registration.SeatAvailability;
import io.quarkus.qute.TemplateData;
import java.util.UUID;

/**
 * What a visitor can do about a competition now.
 *
 * @param key the idempotency key of the form, kept while it is the same wish
 * @param note as it was filled in
 * @param message what went wrong, or null
 * @param tries how often the page has looked for a registration with this key that is under way; 0 when none is
 */
@TemplateData
public record RegistrationPanel(
        SeatAvailability standing, Viewer viewer, String key, String note, String message, int tries) {

    /** By then, a second each, the claim of a process that died has run out. */
    private static final int MAXIMUM_TRIES = 30;

    /** Who looks at it. */
    public enum Viewer {
        NOBODY,
        PARTICIPANT,
        OWNER,
        ORGANIZER
    }

    /** With a new key, for a new wish. */
    static RegistrationPanel of(SeatAvailability standing, Visitor visitor) {
        return new RegistrationPanel(
                standing, viewer(standing, visitor), UUID.randomUUID().toString(), "", null, 0);
    }

    RegistrationPanel withKey(String otherKey) {
        return new RegistrationPanel(standing, viewer, otherKey, note, message, tries);
    }

    RegistrationPanel withNote(String otherNote) {
        return new RegistrationPanel(standing, viewer, key, otherNote, message, tries);
    }

    RegistrationPanel withMessage(String otherMessage) {
        return new RegistrationPanel(standing, viewer, key, note, otherMessage, tries);
    }

    /** With the key of a registration that is under way; after so many looks the form is offered again. */
    RegistrationPanel inProgress(String itsKey, int looks) {
        var isUnderWay = standing.registrationId() == null && looks <= MAXIMUM_TRIES;
        return new RegistrationPanel(standing, viewer, itsKey, note, message, isUnderWay ? looks : 0);
    }

    /** Whether the page looks again by itself. */
    public boolean isWorking() {
        return tries > 0;
    }

    /** Where it looks. */
    public String again() {
        return address() + "?attempt=" + Labels.inQuery(key) + "&tries=" + (tries + 1);
    }

    public String address() {
        return "/competitions/" + standing.competitionId();
    }

    private static Viewer viewer(SeatAvailability standing, Visitor visitor) {
        if (visitor.isOrganizer()) {
            return standing.organizerId().equals(visitor.idOrNull()) ? Viewer.OWNER : Viewer.ORGANIZER;
        }
        return visitor.isParticipant() ? Viewer.PARTICIPANT : Viewer.NOBODY;
    }

    /** What the panel offers: while it stays, the panel is left alone, since somebody may be typing in it. */
    public String state() {
        var own = standing.registrationId() == null ? "-" : standing.registrationStatus();
        return viewer + "." + standing.status() + "." + own + "." + standing.waitlistPosition() + "."
                + standing.waitlist() + "." + standing.started();
    }

    /** The state and the seats. */
    public String seen() {
        return state() + "." + standing.registered() + "." + standing.capacity() + "." + standing.waitlisted();
    }

    /** Whether the form to register is shown. */
    public boolean isOffered() {
        return standing.registrationId() == null
                && (standing.status() == CompetitionStatus.OPEN || isWaitlistOffered());
    }

    public boolean isWaitlistOffered() {
        return standing.status() == CompetitionStatus.FULL && standing.waitlist();
    }

    public boolean isForNobody() {
        return viewer == Viewer.NOBODY;
    }

    public boolean isForParticipant() {
        return viewer == Viewer.PARTICIPANT;
    }

    public boolean isForOwner() {
        return viewer == Viewer.OWNER;
    }

    /** Whether it is an organizer of other competitions who looks. */
    public boolean isForOrganizer() {
        return viewer == Viewer.ORGANIZER;
    }

    public Seats seats() {
        return new Seats(standing.capacity(), standing.registered(), standing.waitlisted(), standing.status());
    }
}

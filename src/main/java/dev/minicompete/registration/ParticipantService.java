package dev.minicompete.registration;

import dev.minicompete.platform.http.paging.Cursor;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;

/** Finds the participants of a competition for its organizer. */
@ApplicationScoped
public class ParticipantService {

    /** The statuses to filter by. */
    public static final List<String> STATUSES = Stream.of(
                    RegistrationStatus.CONFIRMED,
                    RegistrationStatus.WAITLISTED,
                    RegistrationStatus.CANCELLED,
                    RegistrationStatus.EXPIRED)
            .map(RegistrationStatus::text)
            .toList();

    private static final int CHUNK = 500;

    private final ParticipantRepository participants;

    ParticipantService(ParticipantRepository participants) {
        this.participants = participants;
    }

    /** Fails with {@code not-found}, or with {@code forbidden} if the competition has another organizer. */
    public Uni<Void> checkOrganizer(UUID competitionId, UUID caller) {
        return participants
                .findOrganizer(competitionId)
                .invoke(organizer -> {
                    if (!organizer.orElseThrow(ProblemException::notFound).equals(caller)) {
                        throw ProblemException.of(
                                ProblemType.FORBIDDEN, "Only the competition's organizer may see this.");
                    }
                })
                .replaceWithVoid();
    }

    Uni<Page<ParticipantView>> find(UUID competitionId, @Nullable String status, PageRequest page) {
        return find(competitionId, status, null, page);
    }

    /**
     * Finds a page of participants in the order of registration.
     *
     * @param status one of {@link #STATUSES}; null for all
     * @param text a part of the name or of the e-mail address; null for all
     */
    public Uni<Page<ParticipantView>> find(
            UUID competitionId, @Nullable String status, @Nullable String text, PageRequest page) {
        return participants.find(competitionId, status == null ? null : RegistrationStatus.of(status), text, page);
    }

    /**
     * Streams all participants as a CSV file; fails as {@link #checkOrganizer} does.
     *
     * @param bom whether it begins with a byte order mark
     */
    public Multi<String> download(UUID competitionId, UUID caller, boolean bom) {
        return RestMulti.fromUniResponse(
                checkOrganizer(competitionId, caller).replaceWith(competitionId),
                allowed -> csv(allowed, bom),
                allowed -> Map.of(
                        "Content-Type", List.of("text/csv;charset=UTF-8;header=present"),
                        "Cache-Control", List.of("no-store"),
                        "Content-Disposition",
                                List.of("attachment; filename=\"registrations-" + competitionId + ".csv\"")));
    }

    /** Reads the next chunk when the client has taken the one before. */
    private Multi<String> csv(UUID competitionId, boolean bom) {
        var after = new AtomicReference<@Nullable Cursor>();
        var lines = Multi.createBy()
                .repeating()
                .uni(() -> participants
                        .find(competitionId, null, null, after.get(), CHUNK)
                        .invoke(chunk -> advance(after, chunk)))
                .whilst(chunk -> chunk.size() == CHUNK)
                .map(ParticipantCsv::lines);
        return Multi.createBy().concatenating().streams(Multi.createFrom().item(ParticipantCsv.header(bom)), lines);
    }

    private static void advance(AtomicReference<@Nullable Cursor> after, List<ParticipantView> chunk) {
        if (!chunk.isEmpty()) {
            after.set(ParticipantRepository.place(chunk.get(chunk.size() - 1)));
        }
    }
}

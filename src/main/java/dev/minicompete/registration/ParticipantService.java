package dev.minicompete.registration;

import dev.minicompete.http.Cursor;
import dev.minicompete.http.Page;
import dev.minicompete.http.PageRequest;
import dev.minicompete.problem.ProblemException;
import dev.minicompete.problem.ProblemType;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** What organizers see of who registered. */
@ApplicationScoped
public class ParticipantService {

    private static final int CHUNK = 500;

    private final ParticipantRepository participants;

    ParticipantService(ParticipantRepository participants) {
        this.participants = participants;
    }

    /** Fails with {@code not-found} or, when it is somebody else's, with {@code forbidden}. */
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

    Uni<Page<ParticipantView>> find(UUID competitionId, String status, PageRequest page) {
        return participants.find(competitionId, status, page);
    }

    /** The whole list as CSV, chunk by chunk as fast as it is taken. */
    public Multi<String> csv(UUID competitionId) {
        var after = new AtomicReference<Cursor>();
        var lines = Multi.createBy()
                .repeating()
                .uni(() -> participants
                        .find(competitionId, null, after.get(), CHUNK)
                        .invoke(chunk -> advance(after, chunk)))
                .whilst(chunk -> chunk.size() == CHUNK)
                .map(ParticipantCsv::lines);
        return Multi.createBy().concatenating().streams(Multi.createFrom().item(ParticipantCsv.HEADER), lines);
    }

    private static void advance(AtomicReference<Cursor> after, List<ParticipantView> chunk) {
        if (!chunk.isEmpty()) {
            after.set(ParticipantRepository.place(chunk.get(chunk.size() - 1)));
        }
    }
}

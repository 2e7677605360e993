package dev.minicompete.competition;

import dev.minicompete.platform.http.headers.EntityTags;
import dev.minicompete.platform.http.json.RequestBodyParser;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An organizer's PATCH request before its body is parsed: the contract wants 404 and 403 checked before it.
 *
 * @param mediaType of the body
 * @param ifMatch the values of that header
 */
record CompetitionPatch(
        @Nullable MediaType mediaType, @Nullable List<String> ifMatch, byte @Nullable [] body) {

    static final String MEDIA_TYPE = "application/merge-patch+json";

    private static final Set<MediaType> MEDIA_TYPES =
            Set.of(MediaType.valueOf(MEDIA_TYPE), MediaType.APPLICATION_JSON_TYPE);

    /**
     * Applies the patch to what the organizer said of the competition so far.
     *
     * @throws ProblemException 415, 428, 412 or 400, checked in this order
     */
    CompetitionRequest applyTo(Competition competition, RequestBodyParser json) {
        if (MEDIA_TYPES.stream().noneMatch(type -> RequestBodyParser.isType(mediaType, type))) {
            throw ProblemException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the patch as " + MEDIA_TYPE + ".");
        }
        checkVersion(competition);
        if (body == null || body.length == 0) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "A JSON object is needed as the body.");
        }
        var patched = json.mergePatch(CompetitionRequest.of(competition), body, CompetitionRequest.class);
        var request = patched.value();
        var startFollows = competition.startsAt.equals(competition.regDeadline)
                && !patched.named().contains("startsAt")
                && request.regDeadline() != null
                && request.regDeadline().isAfter(competition.startsAt);
        return (startFollows ? request.withDefaultStart() : request).checkedForEdit();
    }

    /** Compares only the version, the first part of the entity tag, so that registrations never make an edit stale. */
    private void checkVersion(Competition competition) {
        if (ifMatch == null || ifMatch.stream().allMatch(String::isBlank)) {
            throw ProblemException.of(
                    ProblemType.PRECONDITION_REQUIRED,
                    "Send the competition's version or ETag as If-Match, so that no edit is lost.");
        }
        checkVersion(
                competition,
                version -> EntityTags.isAny(ifMatch)
                        || EntityTags.opaque(ifMatch)
                                .map(tag -> tag.substring(1, tag.length() - 1).split("-", 2)[0])
                                .anyMatch(version::equals));
    }

    /** Throws {@code stale-version} unless the organizer has seen the present version. */
    static void checkVersion(Competition competition, Predicate<String> seen) {
        var version = Integer.toString(competition.version);
        if (!seen.test(version)) {
            throw ProblemException.of(
                    ProblemType.STALE_VERSION, "The competition was edited since; its version is " + version + " now.");
        }
    }
}

package dev.minicompete.security;

import static java.util.stream.Collectors.toMap;

import dev.minicompete.security.Scene.Actor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The access rights of all endpoints. A new endpoint needs a line here. */
final class AccessTable {

    /**
     * What each endpoint answers to nobody, to the participant whom it concerns, to another one, to the organizer of the
     * competition, and to another one. The other participant has no registration; a signed-in user who logs in is let.
     */
    private static final String TABLE = """
            POST   /api/auth/signup                         201 201 201 201 201
            POST   /api/auth/login                          200 200 200 200 200
            GET    /api/auth/me                             401 200 200 200 200
            GET    /.well-known/jwks.json                   200 200 200 200 200
            GET    /api/competitions                        200 200 200 200 200
            POST   /api/competitions                        401 403 403 201 201
            GET    /api/competitions/{id}                   200 200 200 200 200
            PATCH  /api/competitions/{id}                   401 403 403 200 403
            POST   /api/competitions/{id}/cancel            401 403 403 200 403
            GET    /api/competitions/{id}/calendar.ics      200 200 200 200 200
            POST   /api/competitions/{id}/register          401 409 201 403 403
            GET    /api/competitions/{id}/registrations     401 403 403 200 403
            GET    /api/competitions/{id}/registrations.csv 401 403 403 200 403
            GET    /api/registrations                       401 200 200 403 403
            GET    /api/registrations/{id}                  401 200 404 200 404
            DELETE /api/registrations/{id}                  401 204 404 403 403
            GET    /api/mailbox                             401 200 200 200 200
            GET    /api/mailbox/{id}                        401 200 404 404 404
            POST   /api/mailbox/{id}/read                   401 204 404 404 404
            GET    /api/failed-jobs                         401 403 403 200 200
            GET    /api/failed-jobs/{id}                    401 403 403 200 404
            POST   /api/failed-jobs/{id}/retry              401 403 403 202 404
            POST   /api/failed-jobs/retry                   401 403 403 202 202
            DELETE /api/failed-jobs/{id}                    401 403 403 204 404
            """;

    private static final Map<String, Map<Actor, Integer>> STATUSES = TABLE.lines()
            .map(line -> line.trim().split("\\s+"))
            .collect(toMap(
                    cells -> cells[0] + " " + cells[1],
                    cells -> Arrays.stream(Actor.values())
                            .collect(toMap(actor -> actor, actor -> Integer.valueOf(cells[2 + actor.ordinal()]))),
                    (one, other) -> other,
                    LinkedHashMap::new));

    private AccessTable() {}

    /** The status for each actor by endpoint. */
    static Map<String, Map<Actor, Integer>> statuses() {
        return STATUSES;
    }

    /** An actor who may call this endpoint; if possible one whom the data concern. */
    static Actor allowed(String endpoint) {
        var statuses = STATUSES.get(endpoint);
        return Arrays.stream(new Actor[] {Actor.ORGANIZER, Actor.PARTICIPANT, Actor.OTHER_PARTICIPANT})
                .filter(actor -> statuses.get(actor) < 300)
                .findFirst()
                .orElseThrow();
    }
}

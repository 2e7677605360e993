package dev.minicompete.http;

import dev.minicompete.problem.ProblemException;
import dev.minicompete.problem.ProblemType;

/** Request bodies as the strict reader leaves them. */
public final class JsonBody {

    private JsonBody() {}

    /**
     * The body.
     *
     * @throws ProblemException {@code malformed-request} when there is none, or it is the literal null
     */
    public static <T> T required(T body) {
        if (body == null) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "A JSON object is needed as the body.");
        }
        return body;
    }
}

package dev.minicompete.web;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A form that was sent after the session had expired or the CSRF cookie was lost. A click sends it again, with the idempotency
 * key that it had. Hidden fields of the log-in form carry it while there is no session.
 *
 * @param action the path that it was sent to
 */
record PendingForm(String action, Map<String, String> fields) {

    static final String ACTION = "resume-action";
    static final String PREFIX = "resume.";

    /** No form of this site has more fields. */
    private static final int MAXIMUM_FIELDS = 50;

    /** Keeps the fields but the CSRF secret, which may change. */
    static PendingForm of(String action, Map<String, String> fields) {
        var kept = new TreeMap<String, String>();
        fields.entrySet().stream()
                .filter(field -> !field.getKey().equals(Csrf.FIELD))
                .limit(MAXIMUM_FIELDS)
                .forEach(field -> kept.put(field.getKey(), field.getValue()));
        return new PendingForm(action, kept);
    }

    /** The form that the log-in form carries; null when it carries none. */
    static @Nullable PendingForm in(Form carrier) {
        var action = LocalPath.of(carrier.text(ACTION));
        if (action.isEmpty()) {
            return null;
        }
        var fields = new TreeMap<String, String>();
        carrier.fields().forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                fields.put(name.substring(PREFIX.length()), value);
            }
        });
        return new PendingForm(action.get(), fields);
    }
}

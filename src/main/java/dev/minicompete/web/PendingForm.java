package dev.minicompete.web;

import java.util.Map;
import java.util.TreeMap;

/**
 * A form that was sent when the session had expired. It travels through the login, and then one click sends it again,
 * with the idempotency key that it had.
 *
 * @param action where it was sent
 */
record PendingForm(String action, Map<String, String> fields) {

    static final String ACTION = "resume-action";
    static final String PREFIX = "resume.";

    static PendingForm of(String action, Map<String, String> fields) {
        var kept = new TreeMap<>(fields);
        kept.remove(Csrf.FIELD);
        return new PendingForm(action, kept);
    }

    /** What the login form carries on, or null. */
    static PendingForm in(Form login) {
        var action = LocalPath.of(login.text(ACTION), null);
        if (action == null) {
            return null;
        }
        var fields = new TreeMap<String, String>();
        login.fields().forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                fields.put(name.substring(PREFIX.length()), value);
            }
        });
        return new PendingForm(action, fields);
    }
}

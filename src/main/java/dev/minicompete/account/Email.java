package dev.minicompete.account;

import dev.minicompete.platform.http.json.Text;
import dev.minicompete.platform.http.problem.Checks;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates e-mail addresses by the rule of the HTML standard for {@code input type=email}, which is ASCII only, and, where an address is
 * new, by that of SMTP.
 */
final class Email {

    /** The maximum length: RFC 5321, section 4.5.3.1.3, less the angle brackets. */
    static final int MAXIMUM = 254;

    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

    private static final String ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";

    private static final String DOMAIN = "@" + LABEL + "(?:\\." + LABEL + ")*";

    private static final Pattern EXISTING = Pattern.compile("[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}" + DOMAIN);

    /** No mail server takes a local part with a dot at an end or next to another (RFC 5321, section 4.1.2: Dot-string). */
    private static final Pattern ADDRESS = Pattern.compile("(?=[^@]{1,64}@)" + ATOM + "(?:\\." + ATOM + ")*" + DOMAIN);

    private Email() {}

    /** Returns the address in lower case, without surrounding white space; an absent one passes. Violations go to {@code checks}. */
    static @Nullable String normalize(Checks checks, String pointer, @Nullable String value) {
        return normalize(checks, pointer, value, ADDRESS);
    }

    /** The same for an account that may be older than the rule for dots. */
    static @Nullable String normalizeExisting(Checks checks, String pointer, @Nullable String value) {
        return normalize(checks, pointer, value, EXISTING);
    }

    private static @Nullable String normalize(Checks checks, String pointer, @Nullable String value, Pattern pattern) {
        var line = Text.line(checks, pointer, value, MAXIMUM);
        if (line == null || line.isEmpty()) {
            return line;
        }
        // Lower-casing first would turn the Kelvin sign into an ASCII k.
        var ascii = line.chars().allMatch(c -> c < 128);
        var address = line.toLowerCase(Locale.ROOT);
        checks.require(
                ascii && pattern.matcher(address).matches(),
                pointer,
                "must be like name@example.com, without accents or umlauts");
        return address;
    }
}

package dev.minicompete.account;

import dev.minicompete.platform.http.json.Text;
import dev.minicompete.platform.http.problem.Checks;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates e-mail addresses by the rule of the HTML standard for {@code input type=email}, which is ASCII only. */
final class Email {

    /** The maximum length: RFC 5321, section 4.5.3.1.3, less the angle brackets. */
    static final int MAXIMUM = 254;

    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

    private static final Pattern ADDRESS =
            Pattern.compile("[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + LABEL + "(?:\\." + LABEL + ")*");

    private Email() {}

    /** Returns the address in lower case, without surrounding white space; an absent one passes. Violations go to {@code checks}. */
    static @Nullable String normalize(Checks checks, String pointer, @Nullable String value) {
        var line = Text.line(checks, pointer, value, MAXIMUM);
        if (line == null || line.isEmpty()) {
            return line;
        }
        // Lower-casing first would turn the Kelvin sign into an ASCII k.
        var ascii = line.chars().allMatch(c -> c < 128);
        var address = line.toLowerCase(Locale.ROOT);
        checks.require(
                ascii && ADDRESS.matcher(address).matches(),
                pointer,
                "must be like name@example.com, without accents or umlauts");
        return address;
    }
}

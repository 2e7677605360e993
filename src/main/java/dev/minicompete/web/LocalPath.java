package dev.minicompete.web;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks that the target of a redirect is an address of this site (CWE-601, open redirect). */
final class LocalPath {

    private static final String CHARACTERS = "\\w.~!$&'()*+,;=:@%?-";

    /** Two slashes, or a slash and a backslash, at the beginning would address another host. */
    private static final Pattern PATH = Pattern.compile("/(?:[" + CHARACTERS + "][/" + CHARACTERS + "]*)?");

    private LocalPath() {}

    /** The path if it is one of this site. */
    static Optional<String> of(@Nullable String path) {
        return Optional.ofNullable(path)
                .filter(given -> given.length() <= 1000 && PATH.matcher(given).matches());
    }
}

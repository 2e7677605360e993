package dev.minicompete.web;

import java.util.regex.Pattern;

/** Where a visitor may be led: an address of this site, never of another (CWE-601). */
final class LocalPath {

    private static final String CHARACTERS = "\\w.~!$&'()*+,;=:@%?-";

    /** Two slashes, or a slash and a backslash, at the beginning would name another host. */
    private static final Pattern PATH = Pattern.compile("/(?:[" + CHARACTERS + "][/" + CHARACTERS + "]*)?");

    private LocalPath() {}

    /** The path if it is one of this site, otherwise the other. */
    static String of(String path, String otherwise) {
        return path != null && path.length() <= 1000 && PATH.matcher(path).matches() ? path : otherwise;
    }
}

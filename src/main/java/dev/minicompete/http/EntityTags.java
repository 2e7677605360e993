package dev.minicompete.http;

import java.util.List;
import java.util.regex.Pattern;

/** Entity tags of RFC 9110, section 8.8.3, as they stand in conditional requests. */
public final class EntityTags {

    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")");

    private EntityTags() {}

    /** Whether a header that may list tags, or be {@code *}, names one of these; weakness makes no difference. */
    public static boolean matches(List<String> header, String... tags) {
        if (header == null) {
            return false;
        }
        var wanted = List.of(tags);
        return header.stream()
                .anyMatch(value -> value.trim().equals("*")
                        || TAG.matcher(value).results().anyMatch(tag -> wanted.contains(tag.group(1))));
    }
}

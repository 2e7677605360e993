package dev.minicompete.platform.http.headers;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Entity tags of RFC 9110, section 8.8.3, as they stand in conditional requests. */
public final class EntityTags {

    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")");

    private EntityTags() {}

    /** Whether a header that may list tags, or be {@code *}, names this one; weakness makes no difference. */
    public static boolean matches(List<String> header, String tag) {
        return isAny(header) || opaque(header).anyMatch(tag::equals);
    }

    /** Whether the header is {@code *}, which matches whatever there is. */
    public static boolean isAny(List<String> header) {
        return header != null && header.stream().anyMatch(value -> value.trim().equals("*"));
    }

    /** The tags in a header, quotes included, without their weakness. */
    public static Stream<String> opaque(List<String> header) {
        return header == null
                ? Stream.empty()
                : header.stream().flatMap(value -> TAG.matcher(value).results().map(tag -> tag.group(1)));
    }
}

package dev.minicompete.platform.http.headers;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags in the headers of conditional requests (RFC 9110, section 8.8.3), compared weakly. Jakarta's
 * {@code Request.evaluatePreconditions} compares strongly, so that a tag that a proxy has made weak would never match.
 */
public final class EntityTags {

    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")");

    private EntityTags() {}

    /** Whether the header is {@code *} or lists this tag, weak or strong. */
    public static boolean matches(@Nullable List<String> header, String tag) {
        return isAny(header) || opaque(header).anyMatch(tag::equals);
    }

    /** Whether the header is {@code *}, which matches any tag. */
    public static boolean isAny(@Nullable List<String> header) {
        return header != null && header.stream().anyMatch(value -> value.trim().equals("*"));
    }

    /** The tags in a header with their quotes, without {@code W/}. */
    public static Stream<String> opaque(@Nullable List<String> header) {
        return header == null
                ? Stream.empty()
                : header.stream().flatMap(value -> TAG.matcher(value).results().map(tag -> tag.group(1)));
    }
}

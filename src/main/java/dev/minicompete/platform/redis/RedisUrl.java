package dev.minicompete.platform.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The servers of Redis, parsed from one variable:
 * {@code redis[s]://[[user]:password@]host[:port][,host[:port]…][/database][?cluster=true|?sentinel=<master's name>]}. Several
 * hosts are nodes of a cluster or, with {@code sentinel}, sentinels. Credentials and TLS apply to all of them.
 *
 * @param kind the kind of the hosts
 * @param hosts one URL for each host
 * @param master the name under which sentinels know the master; null without sentinels
 */
public record RedisUrl(
        Kind kind, List<String> hosts, @Nullable String master) {

    /** The kind of servers behind the URL. */
    public enum Kind {

        /** One server. */
        STANDALONE,

        /** Some nodes of a Redis Cluster. The client asks them for the others. */
        CLUSTER,

        /** Sentinels, which name the master. */
        SENTINEL
    }

    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>rediss?)://((?<user>[^@/?]*)@)?(?<hosts>[^@/?]+)(/(?<database>\\d*))?(\\?(?<query>.*))?");
    private static final Pattern QUERY = Pattern.compile("(?<kind>cluster|sentinel)=(?<value>[\\w.:-]+)");

    /**
     * Parses a URL.
     *
     * @throws IllegalArgumentException when the URL is malformed; the message shows no password
     */
    public static RedisUrl parse(String url) {
        // Quarkus accepts a list of whole URLs; so does this.
        var parts = FORM.matcher(url.strip().replaceAll("\\s*,\\s*(rediss?://)?", ","));
        if (!parts.matches()) {
            throw new IllegalArgumentException("it must be redis:// or rediss:// and a host");
        }
        var query = parts.group("query");
        var option = QUERY.matcher(query == null ? "" : query);
        if (query != null && !option.matches()) {
            throw new IllegalArgumentException("what follows the ? must be cluster=true or sentinel=<master's name>");
        }
        var names = Arrays.asList(parts.group("hosts").split(",", -1));
        var kind = kind(option.matches() ? option.group("kind") : null, names.size());
        if (kind == Kind.CLUSTER && query != null && !option.group("value").equals("true")) {
            throw new IllegalArgumentException("what follows the ? must be cluster=true or sentinel=<master's name>");
        }
        var database = parts.group("database");
        if (kind == Kind.CLUSTER && database != null && !database.isEmpty() && !database.equals("0")) {
            throw new IllegalArgumentException("a cluster has no database but 0");
        }
        var user = parts.group("user") == null ? "" : parts.group("user") + "@";
        var path = database == null || database.isEmpty() ? "" : "/" + database;
        return new RedisUrl(
                kind,
                names.stream()
                        .map(host -> checked(parts.group("scheme") + "://" + user, host, path))
                        .toList(),
                kind == Kind.SENTINEL ? option.group("value") : null);
    }

    private static Kind kind(@Nullable String option, int hosts) {
        if ("sentinel".equals(option)) {
            return Kind.SENTINEL;
        }
        return option != null || hosts > 1 ? Kind.CLUSTER : Kind.STANDALONE;
    }

    private static String checked(String before, String host, String path) {
        try {
            var uri = new URI("redis://" + host);
            if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
                throw new IllegalArgumentException("\"" + host + "\" is not a host with a port");
            }
            return new URI(before + host + path).toString();
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException(
                    "\"" + host + "\" is not a host with a port, or the password is not URL-encoded");
        }
    }
}

package dev.minicompete.platform.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where Redis is, in one variable:
 * {@code redis[s]://[[user]:password@]host[:port][,host[:port]…][/database][?cluster=true|?sentinel=<master's name>]}. Several
 * hosts are some of a cluster's, or with {@code sentinel} the sentinels' own; credentials and TLS count for all of them.
 *
 * @param kind what the hosts are
 * @param hosts one URL for each
 * @param master the name under which sentinels know the master, or null
 */
public record RedisUrl(Kind kind, List<String> hosts, String master) {

    /** What is behind the address. */
    public enum Kind {

        /** One server. */
        STANDALONE,

        /** Some nodes of a Redis Cluster, which know the others. */
        CLUSTER,

        /** Sentinels, which know who is the master. */
        SENTINEL
    }

    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>rediss?)://((?<user>[^@/?]*)@)?(?<hosts>[^@/?]+)(/(?<database>\\d*))?(\\?(?<query>.*))?");
    private static final Pattern QUERY = Pattern.compile("(?<kind>cluster|sentinel)=(?<value>[\\w.:-]+)");

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException when it is no such URL; its message shows no password
     */
    public static RedisUrl parse(String url) {
        // A list of whole URLs, as Quarkus itself takes it, says the same.
        var parts = FORM.matcher(url.strip().replaceAll("\\s*,\\s*(rediss?://)?", ","));
        if (!parts.matches()) {
            throw new IllegalArgumentException("it must be redis:// or rediss:// and a host");
        }
        var query = parts.group("query");
        var said = QUERY.matcher(query == null ? "" : query);
        if (query != null && !said.matches()) {
            throw new IllegalArgumentException("what follows the ? must be cluster=true or sentinel=<master's name>");
        }
        var names = Arrays.asList(parts.group("hosts").split(",", -1));
        var kind = kind(said.matches() ? said.group("kind") : null, names.size());
        if (kind == Kind.CLUSTER && query != null && !said.group("value").equals("true")) {
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
                kind == Kind.SENTINEL ? said.group("value") : null);
    }

    private static Kind kind(String said, int hosts) {
        if ("sentinel".equals(said)) {
            return Kind.SENTINEL;
        }
        return said != null || hosts > 1 ? Kind.CLUSTER : Kind.STANDALONE;
    }

    private static String checked(String before, String host, String path) {
        try {
            var uri = new URI("redis://" + host);
            if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
                throw new IllegalArgumentException("\"" + host + "\" is no host with a port");
            }
            return new URI(before + host + path).toString();
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException(
                    "\"" + host + "\" is no host with a port, or the password is not URL-encoded");
        }
    }
}

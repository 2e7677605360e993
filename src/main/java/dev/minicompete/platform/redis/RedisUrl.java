package dev.minicompete.platform.redis;

import io.vertx.redis.client.RedisClientType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The servers of Redis, parsed from one variable:
 * {@code redis[s]://[[user]:password@]host[:port][,host[:port]…][/database][?cluster=true|?sentinel=<master's name>]}. Several
 * hosts are nodes of a cluster or, with {@code sentinel}, sentinels. Credentials and TLS apply to all of them. The password is
 * percent-encoded (RFC 3986): a plus is a plus.
 *
 * @param type what the hosts are; some nodes of a cluster are enough, since the client asks them for the others
 * @param hosts one URL for each host
 * @param master the name under which sentinels know the master; null without sentinels
 */
public record RedisUrl(
        RedisClientType type, List<String> hosts, @Nullable String master) {

    /** The servers when the variable is empty; application.properties has the same for an unset one. */
    static final String DEFAULT = "redis://localhost:6379";

    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>rediss?://)(?<user>([^@:/?#]*:[^@/?#]*@)?)(?<hosts>[^@/?#]+)((?<database>/\\d+)|/)?(?<option>(\\?.*)?)");
    private static final Pattern OPTION =
            Pattern.compile("|\\?(?<cluster>cluster=true)|\\?sentinel=(?<master>[\\w.:-]+)");

    /**
     * Parses a URL.
     *
     * @throws IllegalArgumentException when the URL is malformed; the message shows no password
     */
    public static RedisUrl parse(String url) {
        // Quarkus accepts a list of whole URLs; so does this.
        var parts = FORM.matcher(url.strip().replaceAll("\\s*,\\s*(rediss?://)?", ","));
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "it must be redis:// or rediss:// and a host; the password is URL-encoded (# as %23, / as %2F)");
        }
        var option = OPTION.matcher(parts.group("option"));
        if (!option.matches()) {
            throw new IllegalArgumentException("what follows the ? must be cluster=true or sentinel=<master's name>");
        }
        var names = parts.group("hosts").split(",", -1);
        var master = option.group("master");
        var cluster = master == null && (option.group("cluster") != null || names.length > 1);
        // The client would read a plus as a space, as in forms.
        var user = parts.group("user").replace("+", "%2B");
        var database = Objects.requireNonNullElse(parts.group("database"), "");
        if (cluster && !Set.of("", "/0").contains(database)) {
            throw new IllegalArgumentException("a cluster has no database but 0");
        }
        var hosts = Arrays.stream(names)
                .map(host -> checked(parts.group("scheme") + user, host, database))
                .toList();
        var type = master != null
                ? RedisClientType.SENTINEL
                : cluster ? RedisClientType.CLUSTER : RedisClientType.STANDALONE;
        return new RedisUrl(type, hosts, master);
    }

    private static String checked(String before, String host, String database) {
        try {
            var uri = new URI("redis://" + host);
            if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
                throw new IllegalArgumentException("\"" + host + "\" is not a host with a port");
            }
            return new URI(before + host + database).toString();
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException(
                    "\"" + host + "\" is not a host with a port, or the password is not URL-encoded");
        }
    }
}

package dev.minicompete;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.minicompete.auth.SigningKey;
import dev.minicompete.auth.VerificationKey;
import dev.minicompete.http.Cors;
import dev.minicompete.redis.RedisUrl;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.vertx.http.runtime.TrustedProxyCheckPartConverter;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The environment variables, looked at before anything starts, so that a mistake is named in one line. Whoever adds a
 * variable adds it here; a test holds this against {@code .env.example}.
 */
final class Environment {

    private static final Pattern HOST_NAME = Pattern.compile("[\\p{Alnum}._:%\\[\\]-]+");
    private static final Pattern NAME = Pattern.compile("[^\\s/?#&%]+");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@]+@[^\\s@]+|.*<[^\\s@]+@[^\\s@]+>");

    private static final Map<String, Consumer<String>> CHECKS = new LinkedHashMap<>();

    static {
        all(port(0), "PORT", "MANAGEMENT_PORT");
        all(Environment::localAddress, "HOST");
        all(matching(HOST_NAME, "the name or address of a host"), "DB_HOST", "SMTP_HOST");
        all(port(1), "DB_PORT", "SMTP_PORT");
        all(matching(NAME, "a name"), "DB_NAME", "DB_USER", "JWT_ISSUER");
        all(oneOf("none", "transaction"), "DB_POOLER");
        all(Environment::flag, "DB_PREPARED_STATEMENTS");
        all(Environment::flag, "WORKER_ENABLED", "SCHEDULER_ENABLED", "SEED_DATA", "MIGRATE_AT_START", "MIGRATE_ONLY");
        all(Environment::positive, "JWT_TTL", "REMINDER_WINDOW", "JOB_BACKOFF_BASE", "JOB_BACKOFF_MAX", "PURGE_AFTER");
        all(Environment::duration, "SHUTDOWN_DELAY");
        all(Environment::count, "JOB_MAX_ATTEMPTS");
        all(Environment::cron, "REMINDER_CRON");
        all(RedisUrl::parse, "REDIS_URL");
        all(oneOf("mailbox", "smtp"), "MAIL_TRANSPORT");
        all(oneOf("starttls", "tls", "none"), "SMTP_TLS");
        all(matching(ADDRESS, "an e-mail address"), "SMTP_FROM");
        all(Environment::proxies, "TRUSTED_PROXIES");
        all(key -> SigningKey.read(Path.of(key)), "JWT_PRIVATE_KEY_FILE");
        all(keys -> list(keys).forEach(key -> VerificationKey.read(Path.of(key))), "JWT_PREVIOUS_PUBLIC_KEY_FILES");
        all(origins -> list(origins).forEach(Cors::check), "CORS_ORIGINS");
        all(Environment::count, "MAX_CONNECTIONS");
        all(oneOf("json", "text"), "LOG_FORMAT");
        all(oneOf("ERROR", "WARN", "INFO", "DEBUG"), "LOG_LEVEL");
        all(Environment::flag, "ACCESS_LOG");
        all(Environment::url, "OTEL_EXPORTER_OTLP_ENDPOINT");
        all(oneOf("http/protobuf", "grpc"), "OTEL_EXPORTER_OTLP_PROTOCOL");
        all(matching(NAME, "a name"), "OTEL_SERVICE_NAME");
        all(matching(Pattern.compile("0(\\.\\d+)?|1(\\.0+)?"), "a number from 0 to 1"), "OTEL_TRACES_SAMPLER_ARG");
        all(anything -> {}, "DB_PASSWORD", "SMTP_USER", "SMTP_PASSWORD");
    }

    private final SmallRyeConfig values;

    Environment(SmallRyeConfig values) {
        this.values = values;
    }

    private static void all(Consumer<String> check, String... names) {
        Arrays.stream(names).forEach(name -> CHECKS.put(name, check));
    }

    /** What keeps a process from starting, in one line that names the variable. */
    Optional<String> refusal() {
        if (get("DB_PASSWORD", "").isEmpty()) {
            return Optional.of("DB_PASSWORD is not set");
        }
        if (get("JWT_PRIVATE_KEY_FILE", "").isEmpty() && !isMigrationOnly()) {
            return Optional.of("JWT_PRIVATE_KEY_FILE is not set; README.md tells how to make a key");
        }
        return CHECKS.entrySet().stream()
                .flatMap(check -> complaint(check.getKey(), check.getValue()).stream())
                .findFirst();
    }

    private Optional<String> complaint(String name, Consumer<String> check) {
        var value = values.getConfigValue(name).getValue();
        if (value == null || value.isEmpty() && name.equals("JWT_PRIVATE_KEY_FILE")) {
            return Optional.empty();
        }
        try {
            check.accept(value);
            return Optional.empty();
        } catch (IllegalArgumentException unfit) {
            return Optional.of(name + ": " + unfit.getMessage().replaceAll("\\s+", " "));
        }
    }

    /** Whether the process is to migrate the schema and then end. */
    boolean isMigrationOnly() {
        return get("MIGRATE_ONLY", "false").equals("true");
    }

    /** The variable's value, or what counts without it. */
    String get(String name, String otherwise) {
        var value = values.getConfigValue(name).getValue();
        return value == null ? otherwise : value;
    }

    private static IllegalArgumentException no(String value, String what) {
        return new IllegalArgumentException("\"" + value + "\" is not " + what);
    }

    private static Consumer<String> matching(Pattern pattern, String what) {
        return value -> {
            if (!pattern.matcher(value).matches()) {
                throw no(value, what);
            }
        };
    }

    private static Consumer<String> oneOf(String... words) {
        return value -> {
            if (!List.of(words).contains(value)) {
                throw no(value, "one of " + String.join(", ", words));
            }
        };
    }

    private static void flag(String value) {
        oneOf("true", "false").accept(value);
    }

    private static Consumer<String> port(int lowest) {
        return value -> {
            try {
                var port = Integer.parseInt(value);
                if (port >= lowest && port <= 65_535) {
                    return;
                }
            } catch (NumberFormatException noNumber) {
                // Told below.
            }
            throw no(value, "a port");
        };
    }

    private static void localAddress(String value) {
        try {
            var address = InetAddress.getByName(value);
            if (!value.isEmpty()
                    && (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null)) {
                return;
            }
        } catch (IOException unknown) {
            // Told below.
        }
        throw no(value, "an address of this machine");
    }

    private static void duration(String value) {
        if (parse(value).isNegative()) {
            throw no(value, "a duration such as PT30S");
        }
    }

    private static void positive(String value) {
        if (parse(value).isNegative() || parse(value).isZero()) {
            throw no(value, "a duration such as PT30S or P30D");
        }
    }

    /** What is no duration reads as a negative one. */
    private static Duration parse(String value) {
        try {
            var duration = DurationConverter.parseDuration(value);
            return duration == null ? Duration.ofSeconds(-1) : duration;
        } catch (IllegalArgumentException noDuration) {
            return Duration.ofSeconds(-1);
        }
    }

    private static void count(String value) {
        if (!value.matches("[1-9]\\d{0,5}")) {
            throw no(value, "a number of 1 or more");
        }
    }

    /** An empty one is none. */
    private static void url(String value) {
        if (!value.isEmpty() && !value.matches("https?://[^\\s]+")) {
            throw no(value, "an http or https URL");
        }
    }

    private static void cron(String value) {
        try {
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ)).parse(value);
        } catch (IllegalArgumentException malformed) {
            throw no(value, "a cron expression in Quartz syntax");
        }
    }

    private static Stream<String> list(String value) {
        return Arrays.stream(value.split(",")).map(String::strip).filter(item -> !item.isEmpty());
    }

    private static void proxies(String value) {
        try {
            list(value).forEach(proxy -> {
                matching(Pattern.compile("[\\p{Alnum}._:/%\\[\\]-]+"), "an address")
                        .accept(proxy);
                new TrustedProxyCheckPartConverter().convert(proxy);
            });
        } catch (RuntimeException malformed) {
            throw no(value, "a list of addresses, separated by commas");
        }
    }
}

package dev.minicompete.platform.bootstrap;

import static dev.minicompete.platform.bootstrap.VariableChecks.each;
import static dev.minicompete.platform.bootstrap.VariableChecks.matching;
import static dev.minicompete.platform.bootstrap.VariableChecks.oneOf;
import static dev.minicompete.platform.bootstrap.VariableChecks.port;

import dev.minicompete.platform.http.headers.Cors;
import dev.minicompete.platform.redis.RedisUrl;
import dev.minicompete.platform.security.PublicKeyFiles;
import dev.minicompete.platform.security.SigningKey;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The environment variables, checked before anything starts, so that a mistake is reported in one line. Each variable has its check here; a
 * test compares them with {@code .env.example}.
 */
final class Environment {

    private static final Pattern HOST_NAME = Pattern.compile("[\\p{Alnum}._:%\\[\\]-]+");
    private static final Pattern NAME = Pattern.compile("[^\\s/?#&%]+");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@]+@[^\\s@]+|.*<[^\\s@]+@[^\\s@]+>");

    private static final Map<String, Consumer<String>> CHECKS = new LinkedHashMap<>();

    static {
        all(port(0), "PORT", "MANAGEMENT_PORT");
        all(VariableChecks::localAddress, "HOST");
        all(matching(HOST_NAME, "the name or address of a host"), "DB_HOST", "SMTP_HOST");
        all(port(1), "DB_PORT", "SMTP_PORT");
        all(matching(NAME, "a name"), "DB_NAME", "DB_USER", "JWT_ISSUER");
        all(oneOf("none", "transaction"), "DB_POOLER");
        all(VariableChecks::flag, "DB_PREPARED_STATEMENTS");
        all(
                VariableChecks::flag,
                "WORKER_ENABLED",
                "SCHEDULER_ENABLED",
                "SEED_DATA",
                "MIGRATE_AT_START",
                "MIGRATE_ONLY");
        all(
                VariableChecks::positiveDuration,
                "JWT_TTL",
                "REMINDER_WINDOW",
                "JOB_BACKOFF_BASE",
                "JOB_BACKOFF_MAX",
                "PURGE_AFTER");
        all(VariableChecks::duration, "SHUTDOWN_DELAY");
        all(VariableChecks::count, "JOB_MAX_ATTEMPTS");
        all(VariableChecks::cron, "REMINDER_CRON");
        all(RedisUrl::parse, "REDIS_URL");
        all(oneOf("mailbox", "smtp"), "MAIL_TRANSPORT");
        all(oneOf("starttls", "tls", "none"), "SMTP_TLS");
        all(matching(ADDRESS, "an e-mail address"), "SMTP_FROM");
        all(VariableChecks::proxies, "TRUSTED_PROXIES");
        all(key -> SigningKey.read(Path.of(key)), "JWT_PRIVATE_KEY_FILE");
        all(each(key -> PublicKeyFiles.read(Path.of(key))), "JWT_PREVIOUS_PUBLIC_KEY_FILES");
        all(each(Cors::check), "CORS_ORIGINS");
        all(VariableChecks::count, "MAX_CONNECTIONS");
        all(oneOf("json", "text"), "LOG_FORMAT");
        all(oneOf("ERROR", "WARN", "INFO", "DEBUG"), "LOG_LEVEL");
        all(VariableChecks::flag, "ACCESS_LOG");
        all(VariableChecks::url, "OTEL_EXPORTER_OTLP_ENDPOINT");
        all(oneOf("http/protobuf", "grpc"), "OTEL_EXPORTER_OTLP_PROTOCOL");
        all(matching(NAME, "a name"), "OTEL_SERVICE_NAME");
        all(matching(Pattern.compile("0(\\.\\d+)?|1(\\.0+)?"), "a number from 0 to 1"), "OTEL_TRACES_SAMPLER_ARG");
        all(anyValue -> {}, "DB_PASSWORD", "SMTP_USER", "SMTP_PASSWORD");
    }

    private final SmallRyeConfig values;

    Environment(SmallRyeConfig values) {
        this.values = values;
    }

    private static void all(Consumer<String> check, String... names) {
        Arrays.stream(names).forEach(name -> CHECKS.put(name, check));
    }

    /** The first mistake, in one line that names the variable. */
    Optional<String> firstError() {
        if (get("DB_PASSWORD", "").isEmpty()) {
            return Optional.of("DB_PASSWORD is not set");
        }
        if (get("JWT_PRIVATE_KEY_FILE", "").isEmpty() && !isMigrationOnly()) {
            return Optional.of("JWT_PRIVATE_KEY_FILE is not set; README.md shows how to make a key");
        }
        return CHECKS.entrySet().stream()
                .flatMap(check -> error(check.getKey(), check.getValue()).stream())
                .findFirst();
    }

    private Optional<String> error(String name, Consumer<String> check) {
        var value = values.getConfigValue(name).getValue();
        if (value == null || value.isEmpty() && name.equals("JWT_PRIVATE_KEY_FILE")) {
            return Optional.empty();
        }
        try {
            check.accept(value);
            return Optional.empty();
        } catch (IllegalArgumentException invalid) {
            return Optional.of(
                    name + ": " + String.valueOf(invalid.getMessage()).replaceAll("\\s+", " "));
        }
    }

    /** Whether the process is to migrate the schema and then end. */
    boolean isMigrationOnly() {
        return get("MIGRATE_ONLY", "false").equals("true");
    }

    /** The variable's value, or the default. */
    String get(String name, String defaultValue) {
        var value = values.getConfigValue(name).getValue();
        return value == null ? defaultValue : value;
    }
}

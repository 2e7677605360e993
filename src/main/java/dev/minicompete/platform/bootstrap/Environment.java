package dev.minicompete.platform.bootstrap;

import static dev.minicompete.platform.bootstrap.VariableChecks.duration;
import static dev.minicompete.platform.bootstrap.VariableChecks.each;
import static dev.minicompete.platform.bootstrap.VariableChecks.is;
import static dev.minicompete.platform.bootstrap.VariableChecks.isHost;
import static dev.minicompete.platform.bootstrap.VariableChecks.matches;
import static dev.minicompete.platform.bootstrap.VariableChecks.oneOf;
import static dev.minicompete.platform.bootstrap.VariableChecks.port;

import dev.minicompete.platform.http.PublicUrl;
import dev.minicompete.platform.http.headers.Cors;
import dev.minicompete.platform.postgres.PostgresTls;
import dev.minicompete.platform.redis.RedisUrl;
import dev.minicompete.platform.security.PublicKeyFiles;
import dev.minicompete.platform.security.SigningKey;
import io.netty.util.NetUtil;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The environment variables, checked before anything starts, so that a mistake is reported in one line. Each variable has its check here; a
 * test compares them with {@code .env.example}.
 */
final class Environment {

    private static final String ADDRESS = "[\\p{Graph}&&[^@<>,.]]+(\\.[\\p{Graph}&&[^@<>,.]]+)*@[\\p{Graph}&&[^@<>,]]+";

    /** In place of bytes that are no characters: Java decodes variables by the locale, and the POSIX locale has ASCII only. */
    private static final char UNDECODED = '\uFFFD';

    private static final Set<String> EMPTY_MEANS_UNSET = Set.of("JWT_PRIVATE_KEY_FILE", "REDIS_URL");

    private static final Map<String, Consumer<String>> CHECKS = new LinkedHashMap<>();

    static {
        all(port(0), "PORT", "MANAGEMENT_PORT");
        all(is("an address of this machine", VariableChecks::isLocalAddress), "HOST");
        all(is("a host without a port; an IPv6 address is written as [::1]", VariableChecks::isHost), "DB_HOST");
        all(is("a host without a port", host -> isHost(host) || NetUtil.isValidIpV6Address(host)), "SMTP_HOST");
        all(port(1), "DB_PORT", "SMTP_PORT");
        all(matches("a name", "[^\\s/?#&%]+"), "DB_USER", "JWT_ISSUER", "OTEL_SERVICE_NAME");
        // It is part of a URL, in which a plus may be a space.
        all(matches("a name", "[^\\s/?#&%+]+"), "DB_NAME");
        all(oneOf("disable", "prefer", "require", "verify-full"), "DB_SSL_MODE");
        all(VariableChecks::areCertificates, "DB_SSL_ROOT_CERT", "REDIS_SSL_ROOT_CERT");
        all(oneOf("none", "transaction"), "DB_POOLER");
        all(oneOf("true", "false"), "DB_PREPARED_STATEMENTS", "MIGRATE_AT_START", "MIGRATE_ONLY");
        all(oneOf("true", "false"), "WORKER_ENABLED", "SCHEDULER_ENABLED", "SEED_DATA", "ACCESS_LOG");
        all(duration(Duration.ofNanos(1)), "JWT_TTL", "REMINDER_WINDOW", "PURGE_AFTER");
        all(duration(Duration.ofNanos(1)), "JOB_BACKOFF_BASE", "JOB_BACKOFF_MAX");
        all(duration(Duration.ofSeconds(1)), "HTTP_IDLE_TIMEOUT");
        all(duration(Duration.ZERO), "SHUTDOWN_DELAY");
        all(matches("a number of 1 or more", "[1-9]\\d{0,5}"), "JOB_MAX_ATTEMPTS", "MAX_CONNECTIONS");
        all(
                is("a cron expression in Quartz syntax", VariableChecks::isCron)
                        .andThen(is("a cron expression that fires again", VariableChecks::firesAgain)),
                "REMINDER_CRON");
        all(RedisUrl::parse, "REDIS_URL");
        all(oneOf("mailbox", "smtp"), "MAIL_TRANSPORT");
        all(PublicUrl::check, "PUBLIC_URL");
        all(oneOf("starttls", "tls", "none"), "SMTP_TLS");
        all(matches("an e-mail address", ADDRESS + "|.*<" + ADDRESS + ">"), "SMTP_FROM");
        all(is("a list of addresses, separated by commas", VariableChecks::areProxies), "TRUSTED_PROXIES");
        all(key -> SigningKey.read(Path.of(key)), "JWT_PRIVATE_KEY_FILE");
        all(each(key -> PublicKeyFiles.read(Path.of(key))), "JWT_PREVIOUS_PUBLIC_KEY_FILES");
        all(each(Cors::check), "CORS_ORIGINS");
        all(oneOf("json", "text"), "LOG_FORMAT");
        all(oneOf("ERROR", "WARN", "INFO", "DEBUG"), "LOG_LEVEL");
        all(matches("an http or https URL", "|https?://\\S+"), "OTEL_EXPORTER_OTLP_ENDPOINT");
        all(oneOf("http/protobuf", "grpc"), "OTEL_EXPORTER_OTLP_PROTOCOL");
        all(matches("a number from 0 to 1", "0(\\.\\d+)?|1(\\.0+)?"), "OTEL_TRACES_SAMPLER_ARG");
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
        if (get("MAIL_TRANSPORT", "mailbox").equals("smtp")
                && get("PUBLIC_URL", "").isEmpty()) {
            return Optional.of("PUBLIC_URL is not set; with MAIL_TRANSPORT=smtp, links in mails begin with it");
        }
        return CHECKS.entrySet().stream()
                .flatMap(check -> error(check.getKey(), check.getValue()).stream())
                .findFirst()
                .or(this::unusedCertificates);
    }

    /** Root certificates are used only in the modes that verify the server. */
    private Optional<String> unusedCertificates() {
        if (!get("DB_SSL_ROOT_CERT", "").isEmpty()
                && Set.of("disable", "prefer").contains(get("DB_SSL_MODE", "prefer"))) {
            return Optional.of("DB_SSL_ROOT_CERT: DB_SSL_MODE must be require or verify-full to use it");
        }
        if (!get("REDIS_SSL_ROOT_CERT", "").isEmpty()
                && !get("REDIS_URL", "").strip().startsWith("rediss:")) {
            return Optional.of("REDIS_SSL_ROOT_CERT: REDIS_URL must begin with rediss:// to use it");
        }
        return Optional.empty();
    }

    /** How connections to PostgreSQL are encrypted. */
    PostgresTls postgresTls() {
        return PostgresTls.of(get("DB_SSL_MODE", "prefer"), get("DB_SSL_ROOT_CERT", ""));
    }

    private Optional<String> error(String name, Consumer<String> check) {
        var value = values.getConfigValue(name).getValue();
        if (value == null || value.isEmpty() && EMPTY_MEANS_UNSET.contains(name)) {
            return Optional.empty();
        }
        if (value.indexOf(UNDECODED) >= 0) {
            return Optional.of(name + ": it has characters that the locale does not know; set LANG=C.UTF-8");
        }
        try {
            check.accept(value);
            return Optional.empty();
        } catch (IllegalArgumentException invalid) {
            return Optional.of(name + ": " + StartFailure.line(invalid));
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

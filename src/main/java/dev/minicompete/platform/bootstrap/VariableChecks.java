package dev.minicompete.platform.bootstrap;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.vertx.http.runtime.TrustedProxyCheckPartConverter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks of the values of environment variables. Each throws an {@link IllegalArgumentException} with a message for the operator. */
final class VariableChecks {

    private VariableChecks() {}

    private static IllegalArgumentException invalid(String value, String what) {
        return new IllegalArgumentException("\"" + value + "\" is not " + what);
    }

    static Consumer<String> matching(Pattern pattern, String what) {
        return value -> {
            if (!pattern.matcher(value).matches()) {
                throw invalid(value, what);
            }
        };
    }

    static Consumer<String> oneOf(String... words) {
        return value -> {
            if (!List.of(words).contains(value)) {
                throw invalid(value, "one of " + String.join(", ", words));
            }
        };
    }

    static void flag(String value) {
        oneOf("true", "false").accept(value);
    }

    static Consumer<String> port(int lowest) {
        return value -> {
            try {
                var port = Integer.parseInt(value);
                if (port >= lowest && port <= 65_535) {
                    return;
                }
            } catch (NumberFormatException notANumber) {
                // Reported below.
            }
            throw invalid(value, "a port");
        };
    }

    static void localAddress(String value) {
        try {
            var address = InetAddress.getByName(value);
            if (!value.isEmpty()
                    && (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null)) {
                return;
            }
        } catch (IOException unknown) {
            // Reported below.
        }
        throw invalid(value, "an address of this machine");
    }

    static void duration(String value) {
        if (parse(value).isNegative()) {
            throw invalid(value, "a duration such as PT30S");
        }
    }

    static void positiveDuration(String value) {
        if (parse(value).isNegative() || parse(value).isZero()) {
            throw invalid(value, "a duration such as PT30S or P30D");
        }
    }

    /** The duration; negative when the value is malformed. */
    private static Duration parse(String value) {
        try {
            var duration = DurationConverter.parseDuration(value);
            return duration == null ? Duration.ofSeconds(-1) : duration;
        } catch (IllegalArgumentException malformed) {
            return Duration.ofSeconds(-1);
        }
    }

    static void count(String value) {
        if (!value.matches("[1-9]\\d{0,5}")) {
            throw invalid(value, "a number of 1 or more");
        }
    }

    /** Empty means unset. */
    static void url(String value) {
        if (!value.isEmpty() && !value.matches("https?://[^\\s]+")) {
            throw invalid(value, "an http or https URL");
        }
    }

    static void cron(String value) {
        try {
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ)).parse(value);
        } catch (IllegalArgumentException malformed) {
            throw invalid(value, "a cron expression in Quartz syntax");
        }
    }

    /** The check for each item of a comma-separated list. */
    static Consumer<String> each(Consumer<String> check) {
        return value -> list(value).forEach(check);
    }

    private static Stream<String> list(String value) {
        return Arrays.stream(value.split(",")).map(String::strip).filter(item -> !item.isEmpty());
    }

    static void proxies(String value) {
        try {
            list(value).forEach(proxy -> {
                matching(Pattern.compile("[\\p{Alnum}._:/%\\[\\]-]+"), "an address")
                        .accept(proxy);
                new TrustedProxyCheckPartConverter().convert(proxy);
            });
        } catch (RuntimeException malformed) {
            throw invalid(value, "a list of addresses, separated by commas");
        }
    }
}

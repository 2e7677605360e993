package dev.minicompete.platform.bootstrap;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.netty.util.NetUtil;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.vertx.http.runtime.TrustedProxyCheckPartConverter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks of the values of environment variables. Each throws an {@link IllegalArgumentException} with a message for the operator. */
final class VariableChecks {

    private static final String NAME = "[\\p{Alnum}._-]+";

    private VariableChecks() {}

    /** Rejects a value for which the test is false or throws. The message says that the value is not {@code meaning}. */
    static Consumer<String> is(String meaning, Predicate<String> test) {
        return value -> {
            if (!passes(test, value)) {
                throw new IllegalArgumentException("\"" + value + "\" is not " + meaning);
            }
        };
    }

    private static boolean passes(Predicate<String> test, String value) {
        try {
            return test.test(value);
        } catch (RuntimeException malformed) {
            return false;
        }
    }

    static Consumer<String> matches(String meaning, String pattern) {
        return is(meaning, Pattern.compile(pattern).asMatchPredicate());
    }

    static Consumer<String> oneOf(String... words) {
        return is("one of " + String.join(", ", words), List.of(words)::contains);
    }

    static Consumer<String> port(int lowest) {
        return is("a port", value -> Integer.parseInt(value) >= lowest && Integer.parseInt(value) <= 65_535);
    }

    static Consumer<String> duration(Duration lowest) {
        return is("a duration such as PT30S or P30D", value -> {
            var duration = DurationConverter.parseDuration(value);
            return duration != null && duration.compareTo(lowest) >= 0;
        });
    }

    /** The check for each item of a comma-separated list. */
    static Consumer<String> each(Consumer<String> check) {
        return value -> list(value).forEach(check);
    }

    private static Stream<String> list(String value) {
        return Arrays.stream(value.split(",")).map(String::strip).filter(item -> !item.isEmpty());
    }

    static boolean isLocalAddress(String value) {
        try {
            var address = InetAddress.getByName(value);
            return !value.isEmpty()
                    && (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null);
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Rejects a file without certificates in PEM; an empty value is no file. */
    static void areCertificates(String file) {
        if (file.isEmpty()) {
            return;
        }
        try (var pem = Files.newInputStream(Path.of(file))) {
            if (!CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .isEmpty()) {
                return;
            }
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read", unreadable);
        } catch (CertificateException malformed) {
            // As if there were none.
        }
        throw new IllegalArgumentException("there is no certificate in " + file);
    }

    static boolean isCron(String value) {
        parseCron(value);
        return true;
    }

    /** Whether the expression has a time that is still ahead, in UTC. */
    static boolean firesAgain(String cron) {
        var now = new ClockProducer().clock().instant().atZone(ZoneOffset.UTC);
        return ExecutionTime.forCron(parseCron(cron)).nextExecution(now).isPresent();
    }

    private static Cron parseCron(String value) {
        return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ)).parse(value);
    }

    /** A name, an IPv4 address, or an IPv6 address in brackets, without a port. */
    static boolean isHost(String value) {
        return value.matches(NAME) || value.startsWith("[") && NetUtil.isValidIpV6Address(value);
    }

    static boolean areProxies(String value) {
        return list(value).allMatch(VariableChecks::isProxy);
    }

    private static boolean isProxy(String value) {
        var address = value.replaceFirst("/\\d+$|(?<=]):\\d+$", "");
        return (address.matches(NAME + "(:\\d+)?") || NetUtil.isValidIpV6Address(address))
                && list(trustedProxies(value))
                        .allMatch(proxy -> new TrustedProxyCheckPartConverter().convert(proxy) != null);
    }

    /**
     * The list of proxies as Quarkus reads it. Quarkus takes the last part of an IPv6 address without brackets for a port, and localhost for
     * 127.0.0.1 only.
     */
    static String trustedProxies(String value) {
        return list(value)
                .map(proxy -> proxy.equalsIgnoreCase("localhost")
                        ? "127.0.0.1,[::1]"
                        : !proxy.startsWith("[") && NetUtil.isValidIpV6Address(proxy) ? "[" + proxy + "]" : proxy)
                .collect(Collectors.joining(","));
    }
}

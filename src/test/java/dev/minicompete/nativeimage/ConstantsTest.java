package dev.minicompete.nativeimage;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.minicompete.testing.MainClasses;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Constants of this project are computed while the native image is built. They hold no object of a running process and
 * nothing of the machine that builds. Libraries are declared one by one in {@code quarkus.native.additional-build-args}.
 */
class ConstantsTest {

    private static final JavaClasses PRODUCTION = MainClasses.ALL.that(
            describe("are in the package", type -> !type.getPackageName().equals("dev.minicompete.dev")));

    @Test
    void noConstantReachesAnObjectOfARunningProcess() throws Exception {
        var found = new ArrayList<String>();
        for (var type : PRODUCTION) {
            found.addAll(RunTimeObjects.inConstantsOf(Class.forName(type.getName())));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void noConstantIsComputedFromTheMachineThatBuilds() {
        assertThat(PRODUCTION.stream().flatMap(type -> askedAtBuildTime(type).stream()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHANCE", "BUFFER", "EXECUTOR", "FILE", "CLOCK", "ZONE", "LANGUAGE", "LANGUAGE_OF_FORMAT"})
    void anObjectOfARunningProcessIsFound(String constant) throws Exception {
        assertThat(RunTimeObjects.inConstantsOf(Objects.class))
                .anyMatch(found -> found.contains("$Objects." + constant + " reaches "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nanoTime", "getenv", "getLocalHost", "systemDefault", "ofPattern", "<init>", "toLowerCase"})
    void aQuestionToTheMachineIsFound(String method) {
        var machine = new ClassFileImporter()
                .importClasses(Machine.class, Since.class)
                .get(Machine.class);
        assertThat(askedAtBuildTime(machine)).anyMatch(found -> found.contains("." + method + "("));
    }

    private static List<String> askedAtBuildTime(JavaClass type) {
        return type.getStaticInitializer().stream()
                .flatMap(initializer -> RunTimeCalls.reachableFrom(initializer).stream())
                .toList();
    }

    private record Held(Object object) {}

    /** What must not be. */
    private static final class Objects {
        static final List<Held> CHANCE = List.of(new Held(new SecureRandom()));
        static final Held BUFFER = new Held(Buffer.buffer());
        static final Map<String, Executor> EXECUTOR = Map.of("pool", ForkJoinPool.commonPool());
        static final Held FILE = new Held(Path.of("x"));
        static final Object[] CLOCK = {Clock.systemUTC()};
        static final ZoneId ZONE = ZoneId.of("Asia/Kathmandu");
        static final Locale LANGUAGE = Locale.forLanguageTag("tr");
        static final DateTimeFormatter LANGUAGE_OF_FORMAT = DateTimeFormatter.ofPattern("uuuu", LANGUAGE);
    }

    private static final class Since {
        final AtomicLong value = new AtomicLong(System.nanoTime());
    }

    /** What must not be, either. */
    private static final class Machine {
        static final Since CLOCK = new Since();
        static final String ENVIRONMENT = System.getenv("HOME");
        static final String HOST = host();
        static final ZoneId ZONE = ZoneId.systemDefault();
        static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu");
        static final Object CHANCE = new java.util.Random();
        static final String LOWER = "I".toLowerCase();

        static String host() {
            try {
                return java.net.InetAddress.getLocalHost().getHostName();
            } catch (java.net.UnknownHostException e) {
                return null;
            }
        }
    }
}

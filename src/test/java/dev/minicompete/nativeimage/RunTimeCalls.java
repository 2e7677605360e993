package dev.minicompete.nativeimage;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Calls that ask the machine for something of its own: the clock, chance, zone, language, host, environment, files. What is
 * initialized while a native image is built must make none, since the image would have the answers of the machine that built it.
 */
final class RunTimeCalls {

    private static final String PROJECT = "dev.minicompete.";

    private static final Pattern CALLS = Pattern.compile(String.join(
            "|",
            List.of(
                    "java\\.lang\\.System\\.(nanoTime|currentTimeMillis|getenv|getProperty|getProperties|lineSeparator)\\(.*",
                    "java\\.lang\\.(Runtime|ProcessHandle|management\\.ManagementFactory)\\..*",
                    "java\\.lang\\.Thread\\.(<init>|currentThread)\\(.*",
                    "java\\.lang\\.Math\\.random\\(.*",
                    "java\\.lang\\.String\\.format\\(java\\.lang\\.String, \\[.*",
                    "java\\.lang\\.String\\.formatted\\(.*",
                    "java\\.lang\\.String\\.to(Upper|Lower)Case\\(\\)",
                    "java\\.time\\.Clock\\.(system|tick).*",
                    "java\\.time\\.\\w+\\.now\\(.*",
                    "java\\.time\\.ZoneId\\.systemDefault\\(.*",
                    "java\\.time\\.format\\.DateTimeFormatter\\.(ofPattern\\(java\\.lang\\.String\\)|ofLocalized.*)",
                    "java\\.util\\.(Locale|TimeZone)\\.getDefault\\(.*",
                    "java\\.util\\.(Date|GregorianCalendar|Random|Timer)\\.<init>\\(.*",
                    "java\\.util\\.UUID\\.randomUUID\\(.*",
                    "java\\.util\\.concurrent\\.(Executors|ThreadLocalRandom)\\..*",
                    "java\\.nio\\.charset\\.Charset\\.defaultCharset\\(.*",
                    "java\\.nio\\.file\\.(Files|Path|Paths|FileSystems)\\..*",
                    "java\\.io\\.File.*\\.<init>\\(.*",
                    "java\\.net\\.(InetAddress|NetworkInterface|Socket|ServerSocket)\\..*",
                    "java\\.security\\.SecureRandom\\..*",
                    "org\\.eclipse\\.microprofile\\.config\\.ConfigProvider\\..*",
                    "com\\.github\\.f4b6a3\\.uuid\\..*",
                    "io\\.netty\\.buffer\\..*",
                    "io\\.vertx\\.core\\.(Vertx|buffer\\.Buffer)\\..*")));

    private RunTimeCalls() {}

    /**
     * Those made by this code or by code of this project that it calls, each with the place it stands at. Lambdas are left out:
     * in a static initializer they are mostly kept to be called later.
     */
    static Set<String> reachableFrom(JavaCodeUnit start) {
        var found = new TreeSet<String>();
        var seen = new HashSet<JavaCodeUnit>();
        var rest = new ArrayDeque<>(List.of(start));
        while (!rest.isEmpty()) {
            var unit = rest.poll();
            if (seen.add(unit)) {
                for (var call : unit.getCallsFromSelf()) {
                    var target = call.getTarget();
                    if (call.isDeclaredInLambda()) {
                        continue;
                    }
                    if (CALLS.matcher(target.getFullName()).matches()) {
                        found.add(target.getFullName() + " " + call.getSourceCodeLocation());
                    } else if (isOfProject(target)) {
                        target.resolveMember().ifPresent(rest::add);
                    }
                }
            }
        }
        return found;
    }

    private static boolean isOfProject(CodeUnitCallTarget target) {
        return target.getOwner().getName().startsWith(PROJECT);
    }
}

package dev.minicompete.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import com.oracle.svm.core.annotate.TargetElement;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * In a native image Quarkus replaces methods of Netty, which it names with their parameters. A Netty version that has another
 * overload calls past the replacement and reaches classes that are not in the image, so the build of the image ends.
 */
class NettySubstitutionsTest {

    private static final String REPLACEMENTS = "io/quarkus/netty/runtime/graal/";

    private static List<Replacement> replacements;

    private record Replacement(Class<?> target, Method method) {

        String name() {
            var element = method.getAnnotation(TargetElement.class);
            return element == null || element.name().isEmpty() ? method.getName() : element.name();
        }

        /** As the target's class names them: what is itself replaced has its own name there. */
        List<String> parameters() {
            return Arrays.stream(method.getParameterTypes())
                    .map(type -> targetOf(type).<String>map(Class::getName).orElse(type.getName()))
                    .toList();
        }

        List<Executable> overloads() {
            return name().equals(TargetElement.CONSTRUCTOR_NAME)
                    ? List.of(target.getDeclaredConstructors())
                    : Stream.<Executable>of(target.getDeclaredMethods())
                            .filter(candidate -> candidate.getName().equals(name()))
                            .toList();
        }
    }

    @BeforeAll
    static void findReplacements() throws Exception {
        var jar = Path.of(Class.forName("io.quarkus.netty.runtime.NettyRecorder")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        replacements = new ArrayList<>();
        for (var name : classes(jar)) {
            var type = load(name).orElseThrow();
            targetOf(type)
                    .ifPresent(target -> Arrays.stream(type.getDeclaredMethods())
                            .filter(method -> method.isAnnotationPresent(Substitute.class))
                            .forEach(method -> replacements.add(new Replacement(target, method))));
        }
    }

    @Test
    void everyReplacedMethodExists() {
        assertThat(replacements)
                .hasSizeGreaterThan(15)
                .allSatisfy(replacement -> assertThat(replacement.overloads())
                        .as("%s", replacement.method())
                        .extracting(NettySubstitutionsTest::parameters)
                        .contains(replacement.parameters()));
    }

    /** What Netty's own overloads do for OpenSSL needs classes that are not in the image. */
    @Test
    void everyOverloadThatMakesTlsContextsIsReplaced() {
        assertThat(replacements)
                .filteredOn(replacement -> replacement.name().matches("new(Client|Server)ContextInternal"))
                .hasSize(2)
                .allSatisfy(replacement -> assertThat(replacement.overloads()).hasSize(1));
    }

    private static List<String> classes(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(REPLACEMENTS) && name.endsWith(".class"))
                    .map(name -> name.replace(".class", "").replace('/', '.'))
                    .toList();
        }
    }

    /** What this class stands for; empty for others, and where the library of the target is not here. */
    private static Optional<Class<?>> targetOf(Class<?> type) {
        var annotation = type.getAnnotation(TargetClass.class);
        if (annotation == null) {
            return Optional.empty();
        }
        return annotation.value() != TargetClass.class ? Optional.of(annotation.value()) : load(annotation.className());
    }

    private static Optional<Class<?>> load(String name) {
        try {
            return Optional.of(Class.forName(name, false, NettySubstitutionsTest.class.getClassLoader()));
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        }
    }

    private static List<String> parameters(Executable method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
    }
}

package dev.minicompete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.ClassFiles;
import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every test that speaks HTTP runs a second time against whatever was packaged, by an empty subclass: {@code RegisterIT}
 * extends {@code RegisterTest}. Tests that inject beans cannot, since those are in another process then. On the JVM the twins
 * repeat the same bytecode, so that they belong to the full run.
 */
class PackagedTwinsTest {

    private static final List<? extends Class<?>> CLASSES = ClassFiles.besides(PackagedTwinsTest.class).stream()
            .map(PackagedTwinsTest::load)
            .toList();

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PackagedTwinsTest.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void everyTestThatInjectsNothingRunsAgainstThePackage() {
        var candidates = CLASSES.stream()
                .filter(type -> type.isAnnotationPresent(QuarkusTest.class))
                .filter(type -> fields(type).noneMatch(field -> field.isAnnotationPresent(Inject.class)))
                .toList();
        assertThat(candidates).isNotEmpty();
        assertThat(twins().<Class<?>>map(Class::getSuperclass))
                .as("add the missing: @FullRun @QuarkusIntegrationTest class XIT extends XTest {}")
                .containsAll(candidates);
    }

    @Test
    void everyTwinBelongsToTheFullRun() {
        assertThat(twins()).isNotEmpty().allMatch(type -> type.isAnnotationPresent(FullRun.class));
    }

    private static Stream<? extends Class<?>> twins() {
        return CLASSES.stream().filter(type -> type.isAnnotationPresent(QuarkusIntegrationTest.class));
    }

    private static Stream<Field> fields(Class<?> type) {
        return Stream.<Class<?>>iterate(type, one -> one != null, Class::getSuperclass)
                .flatMap(one -> Arrays.stream(one.getDeclaredFields()));
    }
}

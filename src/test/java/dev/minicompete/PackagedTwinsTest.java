package dev.minicompete;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Every test that speaks HTTP runs a second time against whatever was packaged, by an empty subclass: {@code RegisterIT}
 * extends {@code RegisterTest}. Tests that inject beans cannot, since those are in another process then.
 */
class PackagedTwinsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("dev.minicompete");

    @Test
    void everyTestThatInjectsNothingRunsAgainstThePackage() {
        var twins = CLASSES.stream()
                .filter(type -> type.isAnnotatedWith(QuarkusIntegrationTest.class))
                .map(type -> type.getRawSuperclass().map(JavaClass::getName).orElse(null))
                .filter(Objects::nonNull)
                .toList();
        var candidates = CLASSES.stream()
                .filter(type -> type.isAnnotatedWith(QuarkusTest.class))
                .filter(type -> type.getAllFields().stream().noneMatch(field -> field.isAnnotatedWith(Inject.class)))
                .map(JavaClass::getName)
                .toList();
        assertThat(candidates).isNotEmpty();
        assertThat(twins)
                .as("add the missing: @QuarkusIntegrationTest class XIT extends XTest {}")
                .containsAll(candidates);
    }
}

package dev.minicompete.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** The guard finds what was forgotten, so that its silence in all other tests means something. */
@QuarkusTest
class ReflectionGuardTest {

    @Inject
    ObjectMapper mapper;

    private record Forgotten(int number) {}

    @RegisterForReflection
    private record Registered(int number) {}

    @Test
    void aForgottenTypeIsFound() {
        assertThatThrownBy(() -> mapper.writeValueAsString(new Forgotten(1))).hasMessageContaining("Forgotten needs");
        assertThatThrownBy(() -> mapper.readValue("{\"number\":1}", Forgotten.class))
                .hasMessageContaining("Forgotten needs");
    }

    @Test
    void aRegisteredTypePasses() throws Exception {
        assertThat(mapper.readValue(mapper.writeValueAsString(new Registered(1)), Registered.class))
                .isEqualTo(new Registered(1));
    }
}

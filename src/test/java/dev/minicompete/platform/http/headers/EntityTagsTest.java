package dev.minicompete.platform.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {

    @ParameterizedTest
    @ValueSource(strings = {"\"3\"", "W/\"3\"", "*", " * ", "\"2\", \"3\"", "\"2\",W/\"3\"", "\"a,b\" , \"3\""})
    void headerListsTheTag(String header) {
        assertThat(EntityTags.matches(List.of(header), "\"3\"")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "\"33\"", "\"2\"", "W/\"2\"", "\"3", "\"*\""})
    void headerListsAnotherTag(String header) {
        assertThat(EntityTags.matches(List.of(header), "\"3\"")).isFalse();
    }

    @Test
    void headerMayBeRepeatedOrAbsent() {
        assertThat(EntityTags.matches(List.of("\"2\"", "\"3\""), "\"3\"")).isTrue();
        assertThat(EntityTags.matches(List.of(), "\"3\"")).isFalse();
        assertThat(EntityTags.matches(null, "\"3\"")).isFalse();
    }
}

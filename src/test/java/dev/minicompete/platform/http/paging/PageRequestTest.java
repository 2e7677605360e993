package dev.minicompete.platform.http.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.platform.http.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {

    private static final UUID ID = UUID.fromString("01920000-0000-7000-8000-0123456789ab");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2030-01-31T23:59:59.123456Z",
                "1969-12-31T23:59:59.999999Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z"
            })
    void cursorRoundTrips(Instant at) {
        var cursor = new Cursor(at, ID);
        assertThat(Cursor.decode(cursor.encode("scope"), "scope")).isEqualTo(cursor);
    }

    @Test
    void cursorIsSafeInUrls() {
        assertThat(new Cursor(Instant.EPOCH, ID).encode("scope")).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void cursorOfAnotherScopeIsInvalid() {
        var text = new Cursor(Instant.EPOCH, ID).encode("one");
        assertThatThrownBy(() -> Cursor.decode(text, "two")).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "====", "äöü", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void malformedCursorIsInvalid(String text) {
        assertThatThrownBy(() -> Cursor.decode(text, "scope"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("cursor");
    }

    @Test
    void limitIsTwentyByDefault() {
        assertThat(PageRequest.of(null, null, "x").limit()).isEqualTo(20);
        assertThat(PageRequest.of("1", null, "x").limit()).isEqualTo(1);
        assertThat(PageRequest.of("100", null, "x").limit()).isEqualTo(100);
        assertThat(PageRequest.of("100", null, "x").rows()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "-1", "+1", "01", "1.0", " 1", "1e1", "٣", "999999999999"})
    void invalidLimitIsRejected(String limit) {
        assertThatThrownBy(() -> PageRequest.of(limit, null, "x")).hasMessageContaining("limit");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void scopeContainsAllItsParts(String filter) {
        var cursor = page(PageRequest.of("1", null, "list", "a", String.valueOf(filter)), 2);
        assertThat(PageRequest.of("5", cursor, "list", "a", String.valueOf(filter))
                        .after()
                        .id())
                .isEqualTo(ID);
        assertThatThrownBy(() -> PageRequest.of("5", cursor, "list", "b", String.valueOf(filter)))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> PageRequest.of("5", cursor, "list", "a", "other"))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void lastPageHasNoCursor() {
        assertThat(page(PageRequest.of("3", null, "x"), 0)).isNull();
        assertThat(page(PageRequest.of("3", null, "x"), 3)).isNull();
        assertThat(page(PageRequest.of("3", null, "x"), 4)).isNotNull();
    }

    @Test
    void extraRowIsNotShown() {
        var page = PageRequest.of("2", null, "x")
                .page(List.of(1, 2, 3), row -> new Cursor(Instant.EPOCH, ID), row -> "item " + row);
        assertThat(page.items()).containsExactly("item 1", "item 2");
    }

    private static String page(PageRequest request, int rows) {
        return request.page(IntStream.range(0, rows).boxed().toList(), row -> new Cursor(Instant.EPOCH, ID), row -> row)
                .nextCursor();
    }
}

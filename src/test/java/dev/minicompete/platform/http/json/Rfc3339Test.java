package dev.minicompete.platform.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

    @ParameterizedTest
    @CsvSource({
        "2030-01-31T23:59:59Z, 2030-01-31T23:59:59Z",
        "2030-01-31t23:59:59z, 2030-01-31T23:59:59Z",
        "2030-02-01T01:59:59+02:00, 2030-01-31T23:59:59Z",
        "2030-01-31T18:14:59-05:45, 2030-01-31T23:59:59Z",
        "2030-01-31T23:59:59-00:00, 2030-01-31T23:59:59Z",
        "2030-01-31T23:59:59.5Z, 2030-01-31T23:59:59.5Z",
        "2030-01-31T23:59:59.123456789Z, 2030-01-31T23:59:59.123456Z",
        "2030-01-31T23:59:59.99999999999999999999Z, 2030-01-31T23:59:59.999999Z",
        "2028-02-29T00:00:00Z, 2028-02-29T00:00:00Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999Z",
        "1969-12-31T23:59:59.9999999Z, 1969-12-31T23:59:59.999999Z"
    })
    void timestampsAreParsed(String text, Instant meant) {
        assertThat(Rfc3339.parse(text)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2030-01-31",
                "2030-01-31T23:59:59",
                "2030-01-31T23:59Z",
                "2030-01-31 23:59:59Z",
                "2030-01-31T24:00:00Z",
                "2030-01-31T23:60:00Z",
                "2030-01-31T23:59:60Z",
                "2030-02-29T00:00:00Z",
                "2030-13-01T00:00:00Z",
                "2030-00-01T00:00:00Z",
                "2030-1-1T00:00:00Z",
                "2030-01-31T23:59:59.Z",
                "2030-01-31T23:59:59,5Z",
                "2030-01-31T23:59:59+2:00",
                "2030-01-31T23:59:59+0200",
                "2030-01-31T23:59:59+24:00",
                "2030-01-31T23:59:59+18:01",
                "2030-01-31T23:59:59+02:60",
                "2030-01-31T23:59:59Z ",
                " 2030-01-31T23:59:59Z",
                "+2030-01-31T23:59:59Z",
                "12030-01-31T23:59:59Z",
                "0000-12-31T23:59:59Z",
                "0001-01-01T00:00:00+00:01",
                "9999-12-31T23:59:59-00:01",
                "２０３０-01-31T23:59:59Z",
                "1893455999"
            })
    void malformedTimestampsAreRejected(String text) {
        assertThatThrownBy(() -> Rfc3339.parse(text)).isInstanceOf(DateTimeException.class);
    }
}

package dev.minicompete.platform.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "28000", "28P01", "3D000", "53300", "57P01", "57014", "58030", "55P03", "40001", "40P01",
                "25006"
            })
    void serverThatCannotRespondIsAway(String state) {
        assertThat(Failures.isAway(new PgException("m", "FATAL", state, "d"))).isTrue();
        assertThat(Failures.isAway(new RuntimeException(new SQLException("m", state))))
                .isTrue();
    }

    @Test
    void unreachableServerIsAway() {
        assertThat(Failures.isAway(new RuntimeException(new IOException("reset"))))
                .isTrue();
        assertThat(Failures.isAway(new VertxException("Connection was closed"))).isTrue();
        assertThat(Failures.isAway(Failures.timeout("PostgreSQL"))).isTrue();
        var inactive = new NoStackTraceThrowable("Connection is not active now, current status: CLOSED");
        assertThat(Failures.isAway(new RuntimeException(inactive))).isTrue();
        assertThat(Failures.isConnectionLost(inactive)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "28000", "28P01", "3D000", "53300", "57P01"})
    void refusedConnectionIsLost(String state) {
        assertThat(Failures.isConnectionLost(new PgException("m", "FATAL", state, "d")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53300", "57P01", "58030", "55P03", "40001", "40P01", "25006"})
    void serverThatCannotDoTheWorkNowIsTemporary(String state) {
        assertThat(Failures.isTemporary(new RuntimeException(new PgException("m", "ERROR", state, "d"))))
                .isTrue();
    }

    /** It may take too long each time. */
    @ParameterizedTest
    @ValueSource(strings = {"57014", "23505", "42601"})
    void statementThatIsCancelledOrRejectedIsNotTemporary(String state) {
        assertThat(Failures.isTemporary(new RuntimeException(new PgException("m", "ERROR", state, "d"))))
                .isFalse();
    }

    @Test
    void onlyLocksOfOthersAreContention() {
        assertThat(Failures.isContended(new RuntimeException(new PgException("m", "ERROR", "55P03", "d"))))
                .isTrue();
        assertThat(Failures.isContended(new PgException("m", "ERROR", "57014", "d")))
                .isFalse();
        assertThat(Failures.isContended(new PgException("m", "ERROR", null, "d")))
                .isFalse();
        assertThat(Failures.isContended(Failures.timeout("PostgreSQL"))).isFalse();
    }

    /** A bug must not look like a temporary outage. */
    @ParameterizedTest
    @ValueSource(strings = {"22021", "42601", "42P01", "23505", "22P02"})
    void serverThatRejectsStatementIsNotAway(String state) {
        assertThat(Failures.isAway(new PgException("m", "ERROR", state, "d"))).isFalse();
        assertThat(Failures.isAway(new RuntimeException(new PgException("m", "ERROR", state, "d"))))
                .isFalse();
        assertThat(Failures.isAway(new IllegalStateException("a bug"))).isFalse();
    }
}

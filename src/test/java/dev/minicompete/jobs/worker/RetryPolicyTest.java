package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private final RetryPolicy policy = new RetryPolicy(10, Duration.ofSeconds(2), Duration.ofMinutes(5));

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4", "3, 8", "7, 128", "8, 256", "9, 300"})
    void maximumWaitDoublesUpToTheCap(int attempts, int seconds) {
        assertThat(policy.delayAfter(attempts, ALMOST_ONE).orElseThrow())
                .isBetween(Duration.ofSeconds(seconds).minusMillis(1), Duration.ofSeconds(seconds));
    }

    @Test
    void jitterIsFull() {
        assertThat(policy.delayAfter(3, 0)).contains(Duration.ZERO);
        assertThat(policy.delayAfter(3, 0.5)).contains(Duration.ofSeconds(4));
    }

    @Test
    void noRetryAfterTheLastAttempt() {
        assertThat(policy.delayAfter(9, 0)).isPresent();
        assertThat(policy.delayAfter(10, 0)).isEmpty();
        assertThat(policy.delayAfter(11, 0)).isEmpty();
        assertThat(new RetryPolicy(1, Duration.ofSeconds(2), Duration.ofMinutes(5)).delayAfter(1, 0))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"40", "41", "64", "65", "1000000"})
    void manyAttemptsDoNotOverflow(int attempts) {
        var patient = new RetryPolicy(Integer.MAX_VALUE, Duration.ofDays(1), Duration.ofDays(2));
        assertThat(patient.delayAfter(attempts, ALMOST_ONE).orElseThrow())
                .isBetween(Duration.ofDays(2).minusSeconds(1), Duration.ofDays(2));
    }
}

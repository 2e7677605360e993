package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private static final Duration NEW = Duration.ZERO;

    private final RetryPolicy policy = policy(10, Duration.ofSeconds(2), Duration.ofMinutes(5));

    private static RetryPolicy policy(int maxAttempts, Duration base, Duration cap) {
        return new RetryPolicy(maxAttempts, base, cap, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4", "3, 8", "7, 128", "8, 256", "9, 300"})
    void maximumWaitDoublesUpToTheCap(int attempts, int seconds) {
        assertThat(policy.delayAfter(attempts, NEW, ALMOST_ONE).orElseThrow())
                .isBetween(Duration.ofSeconds(seconds).minusMillis(1), Duration.ofSeconds(seconds));
    }

    @Test
    void jitterIsFull() {
        assertThat(policy.delayAfter(3, NEW, 0)).contains(Duration.ZERO);
        assertThat(policy.delayAfter(3, NEW, 0.5)).contains(Duration.ofSeconds(4));
    }

    @Test
    void noRetryAfterTheLastAttempt() {
        assertThat(policy.delayAfter(9, NEW, 0)).isPresent();
        assertThat(policy.delayAfter(10, NEW, 0)).isEmpty();
        assertThat(policy.delayAfter(11, NEW, 0)).isEmpty();
        assertThat(policy(1, Duration.ofSeconds(2), Duration.ofMinutes(5)).delayAfter(1, NEW, 0))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"40", "41", "64", "65", "1000000"})
    void manyAttemptsDoNotOverflow(int attempts) {
        var patient = policy(Integer.MAX_VALUE, Duration.ofDays(1), Duration.ofDays(2));
        assertThat(patient.delayAfter(attempts, NEW, ALMOST_ONE).orElseThrow())
                .isBetween(Duration.ofDays(2).minusSeconds(1), Duration.ofDays(2));
    }

    @Test
    void jobIsRetriedUntilItsPeriodIsOver() {
        var patient = new RetryPolicy(2, Duration.ofSeconds(2), Duration.ofMinutes(30), Duration.ofDays(1));
        assertThat(patient.delayAfter(100, Duration.ofDays(1).minusMillis(1), 0))
                .isPresent();
        assertThat(patient.delayAfter(100, Duration.ofDays(1), 0)).isEmpty();
        assertThat(patient.delayAfter(1, Duration.ofDays(2), 0))
                .as("the attempts after a time without any worker")
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({"-5, 2", "0, 2", "3, 3", "60, 60", "299, 299", "301, 300", "86400, 300"})
    void waitAfterAnAttemptThatDoesNotCountGrowsWithTheAgeOfTheJob(int age, int seconds) {
        assertThat(policy.delayUncounted(Duration.ofSeconds(age), ALMOST_ONE))
                .isBetween(Duration.ofSeconds(seconds).minusMillis(1), Duration.ofSeconds(seconds));
        assertThat(policy.delayUncounted(Duration.ofSeconds(age), 0)).isZero();
    }

    @Test
    void jobThatKillsItsWorkersIsExhaustedAfterMoreAttemptsThanFitIntoItsPeriod() {
        assertThat(policy.isExhausted(10)).isFalse();
        assertThat(policy.isExhausted(11)).isTrue();
        var patient = new RetryPolicy(2, Duration.ofSeconds(2), Duration.ofMinutes(30), Duration.ofDays(1));
        assertThat(patient.isExhausted(194)).isFalse();
        assertThat(patient.isExhausted(195)).isTrue();
    }
}

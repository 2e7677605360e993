package dev.minicompete.platform.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A failure after the end of its request is logged in one line, without a stack trace. */
class DroppedFailuresTest {

    private final List<LogRecord> records = new ArrayList<>();
    private final Logger log = Logger.getLogger(DroppedFailures.class.getName());
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void handle() {
        log.setLevel(Level.ALL);
        log.addHandler(recorder);
        new DroppedFailures().handle(null);
    }

    @AfterEach
    void reset() {
        Infrastructure.resetDroppedExceptionHandler();
        log.removeHandler(recorder);
        log.setLevel(null);
    }

    @Test
    void expectedFailureIsNotAWarning() {
        Infrastructure.handleDroppedException(Failures.unavailable());
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.getLevel().intValue()).isLessThan(Level.INFO.intValue());
            assertThat(record.getThrown()).isNull();
        });
    }

    @Test
    void unexpectedFailureIsAWarningOfOneLine() {
        Infrastructure.handleDroppedException(new IllegalStateException("a fault"));
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.getLevel().getName()).startsWith("WARN");
            assertThat(record.getMessage()).contains("a fault");
            assertThat(record.getThrown()).isNull();
        });
    }
}

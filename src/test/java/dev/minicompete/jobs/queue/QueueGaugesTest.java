package dev.minicompete.jobs.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The statement behind the gauges, in a database of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class QueueGaugesTest {

    private final TestDatabase database = TestServers.database().scratch();
    private Connection connection;

    @BeforeAll
    void connect() throws SQLException {
        connection = database.connect();
        // As in application.properties.
        connection.createStatement().execute("SET enable_seqscan = off");
        connection.setAutoCommit(false);
    }

    @AfterAll
    void drop() throws SQLException {
        connection.close();
        database.drop();
    }

    @BeforeEach
    void nothingToDo() {
        database.execute("DELETE FROM outbox; DELETE FROM failed_jobs");
    }

    @Test
    void nothingIsCountedAsNothing() throws SQLException {
        assertThat(sample()).containsExactly(0, 0, 0, 0, 0);
    }

    @Test
    void shortQueueIsCountedExactly() throws SQLException {
        insert(3, "'-1 minute'", "NULL");
        insert(2, "'-1 minute'", "now() + interval '30 seconds'");
        insert(1, "'-1 minute'", "now() - interval '30 seconds'");
        insert(4, "'1 hour'", "NULL");
        insertFailed(5);
        database.execute("UPDATE outbox SET created_at = now() - interval '2 hours'"
                + " WHERE id = (SELECT id FROM outbox WHERE run_at > now() ORDER BY id LIMIT 1)");

        var sample = sample();
        assertThat(sample.subList(0, 4)).containsExactly(6, 2, 4, 5);
        assertThat(sample.get(4)).isBetween(7_200, 7_230);
    }

    /** It is read every few seconds, also while the queue is so long that it matters. */
    @Test
    void longQueueIsCountedUpToABound() throws SQLException, IOException {
        insert(110_000, "'-1 minute'", "NULL");
        insert(110_000, "'1 hour'", "NULL");
        insertFailed(110_000);

        var sample = sample();
        assertThat(sample.subList(0, 4)).containsExactly(100_000, 0, 100_000, 100_000);
        for (var node : plan()) {
            assertThat(node.get("Node Type").asText()).isNotIn("Seq Scan", "Bitmap Heap Scan", "Sort");
            assertThat(node.get("Actual Rows").asLong()).isLessThanOrEqualTo(100_000);
        }
    }

    /** The due, running, delayed and failed jobs, and the age of the oldest unfinished one in seconds. */
    private List<Integer> sample() throws SQLException {
        try (var rows = query(QueueGauges.SAMPLE)) {
            rows.next();
            return List.of(
                    rows.getInt("due"),
                    rows.getInt("running"),
                    rows.getInt("delayed"),
                    rows.getInt("failed"),
                    rows.getInt("oldest"));
        }
    }

    private List<JsonNode> plan() throws SQLException, IOException {
        try (var rows = query("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + QueueGauges.SAMPLE)) {
            rows.next();
            var nodes = new ArrayList<>(List.of(
                    new ObjectMapper().readTree(rows.getString(1)).get(0).get("Plan")));
            for (var i = 0; i < nodes.size(); i++) {
                nodes.get(i).path("Plans").forEach(nodes::add);
            }
            return nodes;
        }
    }

    private ResultSet query(String sql) throws SQLException {
        connection.rollback();
        connection.createStatement().execute(Database.READ_IN_ORDER);
        return connection.createStatement().executeQuery(sql);
    }

    private void insert(int jobs, String due, String leasedUntil) {
        database.execute("""
                INSERT INTO outbox (id, kind, run_at, leased_until)
                SELECT gen_random_uuid(), 'test:gauges', now() + interval %s + n * interval '1 microsecond', %s
                FROM generate_series(1, ?) n
                """.formatted(due, leasedUntil), jobs);
    }

    private void insertFailed(int jobs) {
        database.execute("""
                INSERT INTO failed_jobs (id, kind, attempts, error)
                SELECT gen_random_uuid(), 'test:gauges', 5, 'Boom' FROM generate_series(1, ?)
                """, jobs);
    }
}

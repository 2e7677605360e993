package dev.minicompete.process;

import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.TestDatabase;
import java.time.Duration;

/** Stands before a kind of statement on a table: whoever sends one waits, in PostgreSQL, until the gate opens. */
final class Gate implements AutoCloseable {

    private final TestDatabase database;
    private final String table;

    private Gate(TestDatabase database, String table, String statement) {
        this.database = database;
        this.table = table;
        database.execute("CREATE TABLE gate AS SELECT true AS closed");
        // Waits without a lock, which would have a time limit.
        database.execute("""
                CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    WHILE EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.02); END LOOP;
                    RETURN NULL;
                END $$
                """);
        database.execute("CREATE TRIGGER gate BEFORE " + statement + " ON " + table
                + " FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate()");
    }

    /** A closed gate before INSERT, UPDATE or DELETE. */
    static Gate before(String statement, String table, TestDatabase database) {
        return new Gate(database, table, statement);
    }

    void awaitSomebody() {
        await("somebody at the gate")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> database.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") > 0);
    }

    void open() {
        database.execute("DELETE FROM gate");
    }

    @Override
    public void close() {
        open();
        database.execute("DROP TRIGGER gate ON " + table);
        database.execute("DROP FUNCTION wait_at_gate()");
        database.execute("DROP TABLE gate");
    }
}

package dev.minicompete.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** Holds a kind of statement on a table up, in PostgreSQL, until it is opened. */
public final class Latch implements AutoCloseable {

    private final TestDatabase database;
    private final String table;

    private Latch(TestDatabase database, String table, String statement) {
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
    public static Latch before(String statement, String table, TestDatabase database) {
        return new Latch(database, table, statement);
    }

    /** Waits until a statement is held up. */
    public void awaitSomebody() {
        await("somebody at the gate")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> database.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") > 0);
    }

    /** Waits until so many connections are held up: at the gate, or at the lock of one that is. */
    public void awaitHeldUp(int connections) {
        await("%d connections at the gate".formatted(connections))
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> database.count("""
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND (wait_event = 'PgSleep' OR wait_event_type = 'Lock')
                        """) >= connections);
    }

    /** Lets all go on. */
    public void open() {
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

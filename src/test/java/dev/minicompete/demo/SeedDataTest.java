package dev.minicompete.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeedDataTest {

    private final TestDatabase database = TestServers.database().scratch();

    @AfterEach
    void drop() {
        database.drop();
    }

    @Test
    void processesThatStartTogetherInsertTheCompetitionsOnce() throws Exception {
        var organizers = database.createUsers(2, "organizer");
        for (var i = 0; i < 2; i++) {
            var email = "organizer" + (i + 1) + "@example.com";
            database.execute("UPDATE users SET email = ? WHERE id = ?", email, organizers.get(i));
        }
        try (var first = database.connect()) {
            first.setAutoCommit(false);
            insert(first);
            var second = CompletableFuture.runAsync(() -> {
                try (var connection = database.connect()) {
                    insert(connection);
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            });
            await("the second process at the lock")
                    .pollInterval(Duration.ofMillis(20))
                    .until(() ->
                            database.count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                                    == 1);
            first.commit();
            second.get(10, TimeUnit.SECONDS);
        }
        assertThat(database.count("SELECT count(*) FROM competitions")).isEqualTo(5);
    }

    private static void insert(Connection connection) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(SeedData.INSERT_COMPETITIONS);
        }
    }
}

package dev.minicompete.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the rule for migrations of ARCHITECTURE.md: expand, then contract. Processes of the previous version work while a migration runs and
 * afterwards, so it may add, but not remove what they use.
 */
class MigrationRulesTest {

    private static final Pattern TABLE = Pattern.compile("(?i)\\b(?:ALTER TABLE|INDEX \\w+ ON)\\s+(\\w+)");
    private static final Pattern EXCLUSIVE = Pattern.compile("(?i)^\\s*(ALTER TABLE|DROP INDEX)\\b");
    private static final Pattern LOCKING =
            Pattern.compile("(?i)^\\s*(ALTER TABLE|DROP INDEX|CREATE (UNIQUE )?INDEX)\\b");

    private static final Pattern UNIQUE_INDEX =
            Pattern.compile("(?i)\\bCREATE UNIQUE INDEX (\\w+) ON (\\w+) \\(([\\w, ]+)\\)([^;]*)");

    private static final Path DIRECTORY = Path.of("src/main/resources/db/migration");

    /** The released migrations with their checksums. */
    private static final Path RELEASED = Path.of("src/test/resources/db/released-migrations.sha256");

    private static final Pattern NAME = Pattern.compile("V(\\d+)__\\w+\\.sql");

    /** Names the version since which nothing uses what this file removes. */
    private static final Pattern CONTRACT = Pattern.compile("(?m)^-- contract: since V(\\d+)$");

    private static final Map<String, Pattern> TAKING_AWAY = Map.of(
            "drops something", pattern("^\\s*DROP\\b|^\\s*ALTER\\b.*\\bDROP\\b(?!\\s+(NOT NULL|DEFAULT))"),
            "renames something", pattern("^\\s*ALTER\\b.*\\bRENAME\\b"),
            "changes a type", pattern("^\\s*ALTER\\b.*\\bTYPE\\b(?!.*ADD VALUE)"),
            "refuses rows that were good",
                    pattern(
                            "\\bSET NOT NULL\\b|^\\s*ALTER\\b.*\\bADD (CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\\b"),
            "makes a column required that old processes do not know",
                    pattern("\\bADD (COLUMN )?(?!.*\\b(DEFAULT|GENERATED)\\b).*\\bNOT NULL\\b"),
            "deletes rows", pattern("^\\s*(DELETE|TRUNCATE)\\b"),
            "is a unique index that old processes may run against", pattern("^\\s*CREATE UNIQUE INDEX\\b"));

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    private static TreeMap<Integer, Path> migrations() {
        var migrations = new TreeMap<Integer, Path>();
        try (var files = Files.list(DIRECTORY)) {
            files.sorted(Comparator.naturalOrder()).forEach(file -> {
                var name = NAME.matcher(file.getFileName().toString());
                assertThat(name.matches()).as("the name of " + file).isTrue();
                assertThat(migrations.put(Integer.valueOf(name.group(1)), file))
                        .as("another migration of the number of " + file)
                        .isNull();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return migrations;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Violations of the rule in a migration of this version. Tables that the file itself creates are exempt. */
    private static List<String> violations(int version, String sql) {
        var contract = CONTRACT.matcher(sql);
        if (version == 1 || contract.find() && Integer.parseInt(contract.group(1)) < version) {
            return List.of();
        }
        return Stream.of(sql.replaceAll("(?m)--.*$", "").split(";"))
                .filter(statement -> !isAboutNewTable(statement, sql))
                .filter(statement -> !isReplacement(version, statement, sql))
                .filter(statement -> !isUniqueAsBefore(version, statement))
                .flatMap(statement -> TAKING_AWAY.entrySet().stream()
                        .filter(rule -> rule.getValue().matcher(statement).find())
                        .map(rule -> rule.getKey() + ": " + statement.strip().replaceAll("\\s+", " ")))
                .toList();
    }

    private static boolean isAboutNewTable(String statement, String sql) {
        var table = TABLE.matcher(statement);
        return table.find()
                && Pattern.compile("(?i)CREATE TABLE " + table.group(1) + "\\b")
                        .matcher(sql)
                        .find();
    }

    /**
     * Whoever holds one lock and waits for another may wait for somebody who waits for him: a second table, or a stronger lock
     * on the same one. Tables that the file itself makes nobody else locks.
     */
    private static List<String> lockHazards(int version, String sql) {
        if (version == 1) {
            return List.of();
        }
        var statements = Stream.of(sql.replaceAll("(?m)--.*$", "").split(";"))
                .filter(statement -> !statement.isBlank() && !isAboutNewTable(statement, sql))
                .filter(statement -> LOCKING.matcher(statement).find())
                .toList();
        var hazards = new ArrayList<String>();
        if (statements.stream()
                        .flatMap(statement -> TABLE.matcher(statement).results())
                        .map(table -> table.group(1))
                        .distinct()
                        .count()
                > 1) {
            hazards.add("locks several tables");
        }
        var exclusive = statements.stream()
                .map(statement -> EXCLUSIVE.matcher(statement).find())
                .toList();
        if (exclusive.contains(true) && !exclusive.get(0)) {
            hazards.add("locks more strongly later than at first");
        }
        return hazards;
    }

    /** Indexes that the file recreates with the same name and the same uniqueness. */
    private static boolean isReplacement(int version, String statement, String sql) {
        var drop = Pattern.compile("(?i)^\\s*DROP INDEX ([\\w, ]+)$").matcher(statement);
        return drop.find()
                && Stream.of(drop.group(1).split(","))
                        .map(String::strip)
                        .allMatch(index -> Pattern.compile(
                                        "(?i)CREATE " + (unique(version, index).isPresent() ? "UNIQUE " : "") + "INDEX "
                                                + index + "\\b")
                                .matcher(sql)
                                .find());
    }

    /** Whether a unique index has the same columns, in any order, as the earlier index of its name. */
    private static boolean isUniqueAsBefore(int version, String statement) {
        var index = UNIQUE_INDEX.matcher(statement);
        return index.find()
                && unique(version, index.group(1))
                        .filter(before -> uniqueness(before).equals(uniqueness(index.toMatchResult())))
                        .isPresent();
    }

    /** The unique index of this name in the last migration before this version. */
    private static Optional<MatchResult> unique(int version, String name) {
        return migrations().headMap(version).values().stream()
                .flatMap(file -> UNIQUE_INDEX.matcher(read(file)).results())
                .filter(index -> index.group(1).equals(name))
                .reduce((first, last) -> last);
    }

    /** The columns of a unique index. */
    private static List<Object> uniqueness(MatchResult index) {
        return List.of(
                index.group(2),
                Set.of(index.group(3).split("\\s*,\\s*")),
                index.group(4).strip().replaceAll("\\s+", " "));
    }

    @Test
    void migrationsAreNumberedWithoutGap() {
        assertThat(migrations().keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, migrations().size()).boxed().toList());
    }

    @Test
    void migrationsExpandOrDeclareContraction() {
        migrations()
                .forEach((version, file) -> assertThat(violations(version, read(file)))
                        .as(file.toString())
                        .isEmpty());
    }

    @Test
    void migrationsCannotDeadlockWithRunningProcesses() {
        migrations()
                .forEach((version, file) -> assertThat(lockHazards(version, read(file)))
                        .as(file.toString())
                        .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE users ADD phone text;\nCREATE INDEX i ON outbox (kind)",
                "CREATE INDEX i ON users (name);\nDROP INDEX users_by_name",
                "CREATE INDEX i ON users (name);\nALTER TABLE users ADD phone text"
            })
    void locksInDeadlockProneOrderAreRejected(String sql) {
        assertThat(lockHazards(2, sql)).hasSize(1);
    }

    @Test
    void locksOfOneTableInDescendingStrengthAreAccepted() {
        assertThat(lockHazards(
                        2, "DROP INDEX i;\nCREATE INDEX i ON users (name, id);\nALTER TABLE users ADD phone text"))
                .isEmpty();
        assertThat(lockHazards(2, "CREATE TABLE teams (id uuid);\nCREATE INDEX i ON teams (id);\nDROP INDEX j"))
                .isEmpty();
    }

    @Test
    void releasedMigrationsAreUnchanged() throws IOException, NoSuchAlgorithmException {
        var released = Files.readAllLines(RELEASED);
        assertThat(released).isNotEmpty();
        for (var line : released) {
            var words = line.split("\\s+");
            var content = Files.readAllBytes(DIRECTORY.resolve(words[1]));
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
                    .as(words[1] + " was released; put the change into a new migration")
                    .isEqualTo(words[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE outbox",
                "ALTER TABLE users DROP COLUMN name",
                "ALTER TABLE users DROP CONSTRAINT users_email_key",
                "ALTER TABLE users RENAME COLUMN name TO full_name",
                "ALTER TABLE users RENAME TO accounts",
                "ALTER TABLE users ALTER COLUMN name TYPE varchar(10)",
                "ALTER TABLE users ALTER name SET NOT NULL",
                "ALTER TABLE users ADD COLUMN phone text NOT NULL",
                "ALTER TABLE users ADD phone text NOT NULL",
                "ALTER TABLE users ADD CONSTRAINT c CHECK (name <> '')",
                "CREATE UNIQUE INDEX u ON users (name)",
                "DROP INDEX registrations_one_per_key;\n"
                        + "CREATE UNIQUE INDEX registrations_one_per_key ON registrations (idempotency_key, participant_id)"
                        + " WHERE idempotency_key IS NOT NULL",
                "DROP INDEX registrations_one_per_key;\n"
                        + "CREATE UNIQUE INDEX registrations_one_per_key ON registrations"
                        + " (idempotency_key, participant_id, competition_id)",
                "DROP INDEX registrations_one_active;\n"
                        + "CREATE INDEX registrations_one_active ON registrations (competition_id, participant_id)",
                "DROP INDEX users_by_name",
                "DROP INDEX i, users_by_name;\nCREATE INDEX i ON users (name, id)",
                "DELETE FROM users",
                "-- contract: since V2\nDROP TABLE outbox"
            })
    void removalIsRejected(String statement) {
        assertThat(violations(2, "CREATE TABLE other (id int);\n" + statement + ";"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE users ADD COLUMN phone text",
                "ALTER TABLE users ADD COLUMN phone text NOT NULL DEFAULT ''",
                "ALTER TABLE users ALTER COLUMN name DROP NOT NULL",
                "CREATE TABLE teams (id uuid PRIMARY KEY, name text NOT NULL)",
                "CREATE INDEX i ON users (name)",
                "DROP INDEX i;\nCREATE INDEX i ON users (name, id)",
                "CREATE TABLE teams (id uuid);\nCREATE UNIQUE INDEX i ON teams (id)",
                "DROP INDEX registrations_one_per_key;\n"
                        + "CREATE UNIQUE INDEX registrations_one_per_key ON registrations"
                        + " (idempotency_key, participant_id, competition_id) WHERE idempotency_key IS NOT NULL",
                "-- contract: since V1\nDROP TABLE outbox",
                "UPDATE users SET name = 'x'; -- DROP nothing"
            })
    void additionIsAccepted(String statement) {
        assertThat(violations(2, statement + ";")).isEmpty();
    }
}

package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker/make-secrets.sh} makes what is not there, and leaves alone what is. */
class MakeSecretsTest {

    private final Yaml compose = Yaml.read("compose.yaml").get(0);

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void copy() throws IOException {
        shell = new Shell(directory);
        shell.program("openssl", """
                case $1 in
                  rand) echo "secret of $3 bytes" | tr ' ' - ;;
                  genpkey) echo "key $*" >"${@: -1}" ;;
                esac
                """);
        Files.createDirectory(directory.resolve("docker"));
        Shell.executable(
                directory.resolve("docker/make-secrets.sh"), Files.readString(Yaml.DOCKER.resolve("make-secrets.sh")));
    }

    private void makeSecrets() throws Exception {
        var ended = shell.run(Map.of(), List.of("docker/make-secrets.sh"));
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    private Path env() {
        return directory.resolve("docker/.env");
    }

    @Test
    void itMakesAllThatIsNeeded() throws Exception {
        makeSecrets();
        assertThat(Files.readString(env())).isEqualTo("DB_PASSWORD=secret-of-24-bytes\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env())))
                .isEqualTo("rw-------");
        assertThat(directory.resolve("docker/jwt.pem")).content().contains("RSA", "rsa_keygen_bits:3072");
        assertThat(directory.resolve("docker/grafana.password")).hasContent("secret-of-24-bytes");
    }

    @Test
    void withoutOpensslItFailsAndWritesNoPassword() throws Exception {
        shell.program("openssl", "exit 1");
        var ended = shell.run(Map.of(), List.of("docker/make-secrets.sh"));
        assertThat(ended.code()).isNotZero();
        assertThat(ended.output()).doesNotContain("added");
        assertThat(env()).isEmptyFile();
    }

    @Test
    void itChangesNothingThatIsThere() throws Exception {
        Files.writeString(env(), "DB_PASSWORD=mine\n#SMTP_HOST=\n");
        Files.writeString(directory.resolve("docker/jwt.pem"), "my key");
        Files.writeString(directory.resolve("docker/grafana.password"), "my password");
        makeSecrets();
        assertThat(Files.readString(env())).isEqualTo("DB_PASSWORD=mine\n#SMTP_HOST=\n");
        assertThat(directory.resolve("docker/grafana.password")).hasContent("my password");
        assertThat(directory.resolve("docker/jwt.pem")).hasContent("my key");
    }

    /** One of an older version, without an end to its last line; or a copy of .env.example. */
    @Test
    void itAddsWhatAnOlderFileLacks() throws Exception {
        Files.writeString(env(), "#DB_PASSWORD=no\nDB_PASSWORD=\nLOG_LEVEL=WARN");
        makeSecrets();
        makeSecrets();
        assertThat(Files.readString(env()))
                .isEqualTo("#DB_PASSWORD=no\nDB_PASSWORD=\nLOG_LEVEL=WARN\nDB_PASSWORD=secret-of-24-bytes\n");
    }

    @Test
    void everySecretOfTheComposeFileIsMade() throws Exception {
        makeSecrets();
        var required = Pattern.compile("\\$\\{(\\w+):\\?")
                .matcher(Files.readString(Yaml.DOCKER.resolve("compose.yaml")))
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        assertThat(required)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(Files.readString(env())).containsPattern("(?m)^" + name + "=."));
        var files = compose.at("secrets")
                .names()
                .map(name -> compose.at("secrets", name, "file").text());
        assertThat(files)
                .isNotEmpty()
                .allSatisfy(file ->
                        assertThat(directory.resolve("docker").resolve(file)).isNotEmptyFile());
    }
}

package dev.minicompete.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both clients are told the same. That they do it is held by {@code EncryptedServersIT}. */
class PostgresTlsTest {

    @ParameterizedTest
    @CsvSource({
        "disable, '', DISABLE, disable",
        "prefer, '', PREFER, prefer",
        "require, '', REQUIRE, require",
        "require, root.pem, VERIFY_CA, verify-ca",
        "verify-full, '', VERIFY_FULL, verify-full",
        "verify-full, root.pem, VERIFY_FULL, verify-full"
    })
    void bothClientsHaveTheSameMode(String mode, String root, SslMode reactive, String jdbc) {
        var tls = PostgresTls.of(mode, root);
        var options = tls.options(new PgConnectOptions(), true);
        assertThat(options.getSslMode()).isEqualTo(reactive);
        assertThat(options.isTrustAll()).isEqualTo(!jdbc.startsWith("verify"));
        assertThat(options.getHostnameVerificationAlgorithm()).isEqualTo(jdbc.equals("verify-full") ? "HTTPS" : "");
        assertThat(tls.jdbcProperties()).containsEntry("sslmode", jdbc);
        if (!root.isEmpty()) {
            assertThat(tls.jdbcProperties()).containsEntry("sslrootcert", root);
            assertThat(((PemTrustOptions) options.getTrustOptions()).getCertPaths())
                    .singleElement()
                    .asString()
                    .endsWith("/" + root);
        }
    }

    /** Behind a pooler statements fail without it. */
    @Test
    void otherOptionsAreKept() {
        var given = new PgConnectOptions()
                .setUseLayer7Proxy(true)
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheSqlFilter(sql -> true)
                .setDatabase("seats")
                .setConnectTimeout(1234);
        var options = PostgresTls.of("prefer", "").options(given, true);
        assertThat(options.getUseLayer7Proxy()).isTrue();
        assertThat(options.getCachePreparedStatements()).isTrue();
        assertThat(options.getPreparedStatementCacheSqlFilter()).isSameAs(given.getPreparedStatementCacheSqlFilter());
        assertThat(options.getDatabase()).isEqualTo("seats");
        assertThat(options.getConnectTimeout()).isEqualTo(1234);
    }

    /** Otherwise the driver would look for a file in the home directory, which the reactive client does not know. */
    @Test
    void certificatesOfTheJvmAreUsedByBothClients() {
        var tls = PostgresTls.of("verify-full", "");
        assertThat(tls.jdbcProperties()).containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        assertThat(tls.options(new PgConnectOptions(), true).getTrustOptions()).isNotNull();
    }

    @Test
    void serverThatOffersNoEncryptionIsAskedOnlyWhenItIsRequired() {
        assertThat(PostgresTls.of("prefer", "")
                        .options(new PgConnectOptions(), false)
                        .getSslMode())
                .isEqualTo(SslMode.DISABLE);
        assertThat(PostgresTls.of("require", "")
                        .options(new PgConnectOptions(), false)
                        .getSslMode())
                .isEqualTo(SslMode.REQUIRE);
    }
}

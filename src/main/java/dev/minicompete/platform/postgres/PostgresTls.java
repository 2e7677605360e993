package dev.minicompete.platform.postgres;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * The encryption of connections to PostgreSQL, the same for JDBC and for the reactive client. The modes are those of libpq
 * (PostgreSQL 18, section 32.19.3): {@code require} with root certificates also verifies the chain, as there.
 *
 * @param rootCertificates a PEM file; empty for those of the JVM
 */
@RegisterForReflection(targets = DefaultJavaSSLFactory.class)
public record PostgresTls(Mode mode, Optional<String> rootCertificates) {

    /** When to encrypt and what to verify. */
    public enum Mode {
        /** Never. */
        DISABLE,
        /** When the server offers it. */
        PREFER,
        /** Always. */
        REQUIRE,
        /** Always, and only with a server whose certificate is valid and names the host. */
        VERIFY_FULL
    }

    /** Reads the values of {@code DB_SSL_MODE} and {@code DB_SSL_ROOT_CERT}; an empty text means no file. */
    public static PostgresTls of(String mode, String rootCertificates) {
        return new PostgresTls(
                Mode.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_')),
                Optional.of(rootCertificates).filter(file -> !file.isEmpty()));
    }

    /** The connection properties of pgjdbc. */
    public Map<String, String> jdbcProperties() {
        var sslMode = sslMode().name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (rootCertificates.isPresent()) {
            return Map.of("sslmode", sslMode, "sslrootcert", rootCertificates.get());
        }
        return mode == Mode.VERIFY_FULL
                ? Map.of("sslmode", sslMode, "sslfactory", DefaultJavaSSLFactory.class.getName())
                : Map.of("sslmode", sslMode);
    }

    /** A copy of the options for a server that offers encryption or does not. */
    PgConnectOptions options(PgConnectOptions options, boolean offered) {
        var copy = new PgConnectOptions(options);
        // Vert.x 4.5 does not copy it.
        copy.setUseLayer7Proxy(options.getUseLayer7Proxy());
        var sslMode = sslMode();
        // Otherwise the client would first try it with each connection.
        copy.setSslMode(sslMode == SslMode.PREFER && !offered ? SslMode.DISABLE : sslMode);
        copy.setHostnameVerificationAlgorithm(sslMode == SslMode.VERIFY_FULL ? "HTTPS" : "");
        if (sslMode == SslMode.VERIFY_FULL || sslMode == SslMode.VERIFY_CA) {
            copy.setTrustOptions(trustOptions());
        } else {
            copy.setTrustAll(true);
        }
        return copy;
    }

    private SslMode sslMode() {
        return switch (mode) {
            case DISABLE -> SslMode.DISABLE;
            case PREFER -> SslMode.PREFER;
            case REQUIRE -> rootCertificates.isPresent() ? SslMode.VERIFY_CA : SslMode.REQUIRE;
            case VERIFY_FULL -> SslMode.VERIFY_FULL;
        };
    }

    private TrustOptions trustOptions() {
        return rootCertificates
                .<TrustOptions>map(file -> new PemTrustOptions()
                        .addCertPath(Path.of(file).toAbsolutePath().toString()))
                .orElseGet(PostgresTls::trustOfTheJvm);
    }

    private static TrustOptions trustOfTheJvm() {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

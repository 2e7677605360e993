package dev.minicompete.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import java.net.ConnectException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisRefusalTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WRONGPASS invalid username-password pair or user is disabled.",
                "NOAUTH HELLO must be called with the client already authenticated",
                "NOPERM this user has no permissions to run the 'ping' command or its subcommand",
                "ERR AUTH <password> called without any password configured for the default user."
            })
    void refusedLoginNamesTheUrl(String reply) {
        assertThat(RedisRefusal.describe(ErrorType.create(reply))).contains("REDIS_URL: " + reply);
        assertThat(RedisRefusal.describe(new ConnectException("No node responds:\n- a:6379: " + reply)))
                .contains("REDIS_URL: No node responds: - a:6379: " + reply);
        assertThat(RedisRefusal.isErrorReply(ErrorType.create(reply))).isFalse();
    }

    @Test
    void wrongCertificateNamesTheVariables() {
        var handshake = new SSLHandshakeException("No trusted certificate found");
        handshake.initCause(new CertificateException("No name matching redis found"));
        assertThat(RedisRefusal.describe(handshake))
                .contains("REDIS_URL or REDIS_SSL_ROOT_CERT: No name matching redis found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "ERR max number of clients reached",
                "WRONGTYPE Operation against a key holding the wrong kind of value",
                "CLUSTERDOWN The cluster is down"
            })
    void otherErrorRepliesMayPass(String reply) {
        assertThat(RedisRefusal.describe(ErrorType.create(reply))).isEmpty();
        assertThat(RedisRefusal.isErrorReply(ErrorType.create(reply))).isTrue();
    }

    @Test
    void lostConnectionMayPass() {
        assertThat(RedisRefusal.describe(new ConnectException("Connection refused")))
                .isEmpty();
        assertThat(RedisRefusal.isErrorReply(new ConnectException())).isFalse();
    }
}

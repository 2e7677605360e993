package dev.minicompete.process;

import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.RawRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Production refuses what is beyond its bound, and its health with nothing. */
@FullRun
class AdmissionIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @Test
    void whereNoRequestMayBeInProgressEachIsRefusedAndHealthIsAnswered() {
        var process = cluster.start(Map.of("API_REQUESTS_IN_PROGRESS", "0", "API_REQUESTS_WAITING", "0"));
        for (var method : new String[] {"GET", "POST", "TRACE"}) {
            var answer = new RawRequest(method, "/api/competitions")
                    .send(process.api().getPort());
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertSecurityHeaders(answer);
        }
        assertThat(process.management("/q/health/live").status()).isEqualTo(200);
        assertThat(process.management("/q/health/ready").status()).isEqualTo(200);
        assertThat(process.management("/q/metrics").body()).contains("http_server_refused_total 3.0");
    }
}

package dev.minicompete.platform.telemetry;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;

/**
 * Logs one line when the collector stops accepting traces and one when it accepts them again. It suppresses the log records of the
 * exporters, which log each failed batch.
 */
@Singleton
class CollectorOutage {

    private static final Logger LOG = Logger.getLogger(CollectorOutage.class);

    private static final List<String> EXPORTERS = List.of(
            "io.opentelemetry.exporter.internal.grpc.GrpcExporter",
            "io.opentelemetry.exporter.internal.http.HttpExporter",
            "io.quarkus.opentelemetry.runtime.exporter.otlp.sender.VertxGrpcSender",
            "io.quarkus.opentelemetry.runtime.exporter.otlp.sender.VertxHttpSender");

    /** The beginning of the exporters' message that they throttle their log, which is no failure. */
    private static final String THROTTLED = "Too many log messages";

    private final TracingConfig config;
    private final Vertx vertx;
    private final AtomicBoolean outage = new AtomicBoolean();

    // Strong references: a logger without one may be collected, and its filter with it.
    private List<java.util.logging.Logger> loggers = List.of();
    private volatile long lastFailure;

    CollectorOutage(TracingConfig config, Vertx vertx) {
        this.config = config;
        this.vertx = vertx;
    }

    void watch(@Observes StartupEvent start) {
        if (config.enabled()) {
            var client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(2_000));
            loggers =
                    EXPORTERS.stream().map(java.util.logging.Logger::getLogger).toList();
            loggers.forEach(logger -> logger.setFilter(record -> shouldLog(record, client)));
        }
    }

    private boolean shouldLog(LogRecord record, NetClient client) {
        if (record.getLevel().intValue() < Level.WARNING.intValue()) {
            return true;
        }
        if (record.getMessage().startsWith(THROTTLED)) {
            return false;
        }
        lastFailure = System.nanoTime();
        if (outage.compareAndSet(false, true)) {
            LOG.warnf(
                    "The collector %s takes no traces; they are lost until it does: %s",
                    config.endpoint(), record.getMessage());
            vertx.setPeriodic(config.outageCheck().toMillis(), timer -> check(timer, client));
        }
        return false;
    }

    /** Connects to the collector, since the absence of failures proves nothing: without requests nothing is exported. */
    private void check(long timer, NetClient client) {
        if (System.nanoTime() - lastFailure < config.outageQuiet().toNanos()) {
            return;
        }
        client.connect(port(config.endpoint()), config.endpoint().getHost()).onSuccess(socket -> {
            socket.close();
            if (vertx.cancelTimer(timer)) {
                outage.set(false);
                LOG.infof("The collector %s takes traces again", config.endpoint());
            }
        });
    }

    private static int port(URI endpoint) {
        if (endpoint.getPort() > 0) {
            return endpoint.getPort();
        }
        return "https".equals(endpoint.getScheme()) ? 443 : 80;
    }
}

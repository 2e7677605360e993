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
 * Logs once that the collector takes no traces, and once that it does again. The exporters log each batch that fails, every few
 * seconds for as long as the collector is away; those records are left out.
 */
@Singleton
class CollectorOutage {

    private static final Logger LOG = Logger.getLogger(CollectorOutage.class);

    private static final List<String> EXPORTERS = List.of(
            "io.opentelemetry.exporter.internal.grpc.GrpcExporter",
            "io.opentelemetry.exporter.internal.http.HttpExporter",
            "io.quarkus.opentelemetry.runtime.exporter.otlp.sender.VertxGrpcSender",
            "io.quarkus.opentelemetry.runtime.exporter.otlp.sender.VertxHttpSender");

    /** How the exporters say that they log less from then on; it is no failure. */
    private static final String THROTTLED = "Too many log messages";

    private final TracingConfig config;
    private final Vertx vertx;
    private final AtomicBoolean lasts = new AtomicBoolean();

    // Kept, since a logger that nothing refers to may be collected, and its filter with it.
    private List<java.util.logging.Logger> loggers = List.of();
    private NetClient client;
    private volatile long lastFailure;

    CollectorOutage(TracingConfig config, Vertx vertx) {
        this.config = config;
        this.vertx = vertx;
    }

    void watch(@Observes StartupEvent start) {
        if (config.enabled()) {
            client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(2_000));
            loggers =
                    EXPORTERS.stream().map(java.util.logging.Logger::getLogger).toList();
            loggers.forEach(logger -> logger.setFilter(this::isToBeLogged));
        }
    }

    private boolean isToBeLogged(LogRecord record) {
        if (record.getLevel().intValue() < Level.WARNING.intValue()) {
            return true;
        }
        if (record.getMessage().startsWith(THROTTLED)) {
            return false;
        }
        lastFailure = System.nanoTime();
        if (lasts.compareAndSet(false, true)) {
            LOG.warnf(
                    "The collector %s takes no traces; they are lost until it does: %s",
                    config.endpoint(), record.getMessage());
            vertx.setPeriodic(config.outageCheck().toMillis(), this::check);
        }
        return false;
    }

    /** No failure alone does not show that it is over: without requests nothing is exported. */
    private void check(long timer) {
        if (System.nanoTime() - lastFailure < config.outageQuiet().toNanos()) {
            return;
        }
        client.connect(port(config.endpoint()), config.endpoint().getHost()).onSuccess(socket -> {
            socket.close();
            if (vertx.cancelTimer(timer)) {
                lasts.set(false);
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

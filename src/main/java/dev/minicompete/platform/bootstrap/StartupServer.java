package dev.minicompete.platform.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Responds on both ports until Quarkus listens: alive, not ready, and 503 to requests. Otherwise an orchestrator would kill a process that
 * waits for PostgreSQL or migrates.
 */
@ApplicationScoped
class StartupServer {

    private static final String PROBLEM = """
            {"type":"urn:mini-compete:problem:unavailable","title":"Service unavailable","status":503,\
            "detail":"The service is temporarily unavailable. Please retry.","code":"unavailable"}""";

    private static final String DOWN = """
            {"status":"DOWN","checks":[{"name":"Startup","status":"DOWN"}]}""";

    // Static, since the servers are opened before CDI starts.
    private static final List<HttpServer> SERVERS = new ArrayList<>();

    /** Opens both ports; returns a reason when that fails. */
    static Optional<String> open(Environment environment) {
        return open(environment, "PORT", "3000", StartupServer::unavailable)
                .or(() -> open(environment, "MANAGEMENT_PORT", "9000", StartupServer::health));
    }

    private static Optional<String> open(
            Environment environment, String variable, String defaultPort, HttpHandler handler) {
        var host = environment.get("HOST", "0.0.0.0");
        var port = environment.get(variable, defaultPort);
        try {
            var server = HttpServer.create(new InetSocketAddress(host, Integer.parseInt(port)), 0);
            server.createContext("/", handler);
            server.start();
            SERVERS.add(server);
            return Optional.empty();
        } catch (BindException taken) {
            return Optional.of(variable + ": " + port + " is taken");
        } catch (IOException e) {
            return Optional.of("HOST or " + variable + ": " + e.getMessage());
        }
    }

    /** Quarkus opens its ports as soon as the last observer of this event returns. */
    void close(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started) {
        SERVERS.forEach(server -> server.stop(0));
        SERVERS.clear();
    }

    private static void health(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/q/health/live")) {
            answer(exchange, 200, "application/json", "{\"status\":\"UP\",\"checks\":[]}");
        } else {
            answer(exchange, 503, "application/json", DOWN);
        }
    }

    private static void unavailable(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, 503, "application/problem+json", PROBLEM);
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", type);
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            headers.set("Connection", "close");
            var bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}

package dev.minicompete;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers on our ports as long as the application is not there: alive, not ready, and to everybody else that they may come
 * again. An orchestrator would otherwise kill a process that does nothing worse than wait.
 */
final class WaitingRoom implements AutoCloseable {

    private static final String PROBLEM = """
            {"type":"urn:mini-compete:problem:unavailable","title":"Service unavailable","status":503,\
            "detail":"The service cannot answer right now; nothing is lost by trying again.","code":"unavailable"}""";

    private static final String DOWN = """
            {"status":"DOWN","checks":[{"name":"PostgreSQL","status":"DOWN"}]}""";

    private final List<HttpServer> servers = new ArrayList<>();

    WaitingRoom(Environment environment) throws IOException {
        var host = environment.get("HOST", "0.0.0.0");
        open(host, "PORT", environment.get("PORT", "3000"), WaitingRoom::comeAgain);
        open(host, "MANAGEMENT_PORT", environment.get("MANAGEMENT_PORT", "9000"), WaitingRoom::health);
    }

    private void open(String host, String variable, String port, HttpHandler handler) throws IOException {
        try {
            var server = HttpServer.create(new InetSocketAddress(host, Integer.parseInt(port)), 0);
            servers.add(server);
            server.createContext("/", handler);
            server.start();
        } catch (BindException taken) {
            close();
            throw new BindException(variable + ": " + port + " is taken");
        }
    }

    private static void health(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/q/health/live")) {
            answer(exchange, 200, "application/json", "{\"status\":\"UP\",\"checks\":[]}");
        } else {
            answer(exchange, 503, "application/json", DOWN);
        }
    }

    private static void comeAgain(HttpExchange exchange) throws IOException {
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

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}

package dev.minicompete.mailbox;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** A real SMTP server, and an application that sends by it and loses patience soon. */
public final class SmtpServer implements QuarkusTestResourceLifecycleManager {

    private GreenMail server;

    /** The port is chosen before, so that the server can be stopped and come back. */
    @Override
    public Map<String, String> start() {
        var port = freePort();
        server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return Map.of(
                "MAIL_TRANSPORT", "smtp",
                "SMTP_HOST", "127.0.0.1",
                "SMTP_PORT", Integer.toString(port),
                "SMTP_FROM", "Mini Compete <mail@mini-compete.example>",
                "SMTP_TLS", "none",
                "JOB_BACKOFF_BASE", "PT0.01S",
                "JOB_BACKOFF_MAX", "PT0.02S");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(GreenMail.class));
    }

    @Override
    public void stop() {
        server.stop();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

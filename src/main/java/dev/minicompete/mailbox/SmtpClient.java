package dev.minicompete.mailbox;

import dev.minicompete.platform.http.PublicUrl;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.smallrye.mutiny.vertx.core.AbstractVerticle;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.mail.MailClient;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Sends mails through connections that stay open for the next mail. */
@Singleton
class SmtpClient {

    private final Vertx vertx;
    private final MailConfig config;
    private final String ownHost;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

    SmtpClient(Vertx vertx, MailConfig config, PublicUrl publicUrl) {
        this.vertx = vertx;
        this.config = config;
        this.ownHost = publicUrl.mailDomain();
    }

    /** Sends a mail within the time limit. If it fails, the connection is closed first, so that nothing is sent later. */
    Uni<Void> send(MailMessage message) {
        return open().flatMap(connection -> connection
                .send(message)
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .invoke(() -> idle.add(connection))
                .onFailure()
                .call(() -> close(connection))
                .onCancellation()
                .call(() -> close(connection)));
    }

    private Uni<Connection> open() {
        var open = idle.poll();
        if (open != null) {
            return Uni.createFrom().item(open);
        }
        var connection = new Connection(options());
        // On a thread without a verticle, since that would close the connection before it is stopped itself.
        return vertx.deployVerticle(connection)
                .runSubscriptionOn(Infrastructure.getDefaultExecutor())
                .replaceWith(connection);
    }

    private Uni<Void> close(Connection connection) {
        return vertx.undeploy(connection.deploymentID()).onFailure().recoverWithNull();
    }

    private io.vertx.ext.mail.MailConfig options() {
        var smtp = config.smtp();
        var options = new io.vertx.ext.mail.MailConfig()
                .setHostname(smtp.host())
                .setPort(smtp.port())
                .setStarttls(smtp.startTls() ? StartTLSOptions.REQUIRED : StartTLSOptions.DISABLED)
                .setSsl(smtp.tls())
                .setOwnHostname(ownHost)
                .setMaxPoolSize(1);
        smtp.username().ifPresent(options::setUsername);
        smtp.password().ifPresent(options::setPassword);
        return options;
    }

    /**
     * One connection at a time. Stopping it closes the sockets of its mail client, which cannot end a mail that it is sending. All
     * is done on its event loop: on another thread the client would lose the greeting of a server that is quicker than the way of the
     * new connection to that thread.
     */
    private static final class Connection extends AbstractVerticle {

        private final io.vertx.ext.mail.MailConfig options;
        private @Nullable MailClient client;

        Connection(io.vertx.ext.mail.MailConfig options) {
            this.options = options;
        }

        /** Vert.x closes what is made here when the verticle stops. */
        @Override
        public void start() {
            client = MailClient.create(vertx, options);
        }

        @Override
        public void stop() {
            Objects.requireNonNull(client).closeAndForget();
        }

        Uni<Void> send(MailMessage message) {
            return Objects.requireNonNull(client)
                    .sendMail(message)
                    .runSubscriptionOn(MutinyHelper.executor(context))
                    .replaceWithVoid();
        }
    }
}

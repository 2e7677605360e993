package dev.minicompete.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * The wire between a client and a server. It can be cut without either noticing: connections stay open and say nothing any
 * more, as when a firewall forgets them. New ones get through again once it is {@link #mend mended}; the old never do.
 */
final class TcpProxy implements AutoCloseable {

    private final ServerSocket entrance;
    private final int server;
    private final List<Link> links = new ArrayList<>();
    private volatile boolean cut;

    TcpProxy(int server) {
        this.server = server;
        try {
            entrance = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** From now on every packet vanishes. */
    synchronized void cut() {
        cut = true;
        links.forEach(link -> link.dead = true);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                open(entrance.accept());
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private synchronized void open(Socket client) throws IOException {
        var link = new Link(client, cut ? null : new Socket("127.0.0.1", server));
        link.dead = cut;
        links.add(link);
        start(() -> link.carry(link.client, link.server));
        start(() -> link.carry(link.server, link.client));
    }

    private static final class Link {

        private final Socket client;
        private final Socket server;
        private volatile boolean dead;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        private void carry(Socket from, Socket to) {
            if (from == null || to == null) {
                return;
            }
            try {
                carry(from.getInputStream(), to.getOutputStream());
            } catch (IOException broken) {
                // As an end.
            }
            if (!dead) {
                close();
            }
        }

        private void carry(InputStream in, OutputStream out) throws IOException {
            var buffer = new byte[8192];
            for (var length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!dead) {
                    out.write(buffer, 0, length);
                }
            }
        }

        void close() {
            try {
                client.close();
                if (server != null) {
                    server.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public synchronized void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::close);
    }
}

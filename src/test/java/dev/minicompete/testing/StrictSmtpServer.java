package dev.minicompete.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mail server that accepts only what RFC 5321 and RFC 5322 allow: lines end with CR LF and have at most 998 characters of ASCII, each header
 * is there once, has a value and is folded before text. It answers everything else with 5yz, as strict servers do.
 */
public final class StrictSmtpServer implements AutoCloseable {

    private static final Pattern HEADER = Pattern.compile("([!-9;-~]+): (\\S.*)");
    private static final Pattern FOLDED = Pattern.compile("[ \t]+\\S.*");

    /** RFC 5321, section 4.1.1.1: a domain, or an address literal. */
    private static final Pattern HELLO = Pattern.compile(
            "EHLO ([A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*|\\[[\\d.]+]|\\[IPv6:[\\da-f:]+])", Pattern.CASE_INSENSITIVE);

    /** A mail that was accepted, as it was on the wire. */
    public record Delivery(String hello, String sender, String recipient, String content) {

        /** The mail as Jakarta Mail reads it. */
        public MimeMessage message() {
            try {
                return new MimeMessage(
                        Session.getInstance(new Properties()), new ByteArrayInputStream(content.getBytes(ISO_8859_1)));
            } catch (MessagingException e) {
                throw new AssertionError(e);
            }
        }

        /** The subject, decoded. */
        public String subject() {
            try {
                return message().getSubject();
            } catch (MessagingException e) {
                throw new AssertionError(e);
            }
        }

        /** The value of a header on the wire, unfolded; null if it is not there. */
        public @Nullable String header(String name) {
            return headerLines(content)
                    .filter(line -> line.toLowerCase().startsWith(name.toLowerCase() + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static Stream<String> headerLines(String content) {
        return content.split("\r\n\r\n", 2)[0].replaceAll("\r\n(?=[ \t])", "").lines();
    }

    private final int port;
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private volatile Function<String, @Nullable String> replies = command -> null;
    private ServerSocket listener;

    public StrictSmtpServer() {
        this(0);
    }

    /** Listens on this port. */
    public StrictSmtpServer(int port) {
        this.listener = listen(port);
        this.port = listener.getLocalPort();
    }

    public int port() {
        return port;
    }

    /** The mails that it accepted. */
    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Why it refused mails by itself. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Answers commands with these replies; with its own where the function returns null. The end of a mail is the command {@code .}. */
    public void replyWith(Function<String, @Nullable String> function) {
        replies = function;
    }

    /** Answers commands that begin like this, as usual, but only after this time. */
    public void replyLate(String beginning, Duration delay) {
        replies = command -> {
            if (command.startsWith(beginning)) {
                try {
                    TimeUnit.NANOSECONDS.sleep(delay.toNanos());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return null;
        };
    }

    /** The number of connections that are open. */
    public int connections() {
        return clients.size();
    }

    /** Forgets everything. */
    public void reset() {
        deliveries.clear();
        refusals.clear();
        replies = command -> null;
    }

    /** Goes away; {@link #restart} brings it back to the same port. */
    public void stop() {
        close();
    }

    public void restart() {
        listener = listen(port);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocket listen(int onPort) {
        try {
            var opened = new ServerSocket(onPort, 100, InetAddress.getByName("127.0.0.1"));
            start(() -> {
                while (!opened.isClosed()) {
                    var client = opened.accept();
                    clients.add(client);
                    start(() -> serve(client));
                }
            });
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // The other side or the test has closed it.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            var in = new BufferedInputStream(client.getInputStream());
            var hello = "";
            var sender = "";
            var recipient = "";
            reply(client, "CONNECT", "220 strict.example ESMTP");
            while (true) {
                var command = line(in);
                if (command == null) {
                    return;
                }
                var verb = command.toUpperCase();
                if (verb.startsWith("EHLO ")) {
                    hello = command.substring(5);
                    reply(
                            client,
                            command,
                            HELLO.matcher(command).matches()
                                    ? "250-strict.example\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-AUTH PLAIN\r\n250 ENHANCEDSTATUSCODES"
                                    : "501 5.5.4 no domain");
                } else if (verb.startsWith("MAIL FROM:<")) {
                    recipient = "";
                    sender = reply(client, command, "250 2.1.0 OK") ? address(command) : "";
                } else if (verb.startsWith("RCPT TO:<")) {
                    if (reply(client, command, sender.isEmpty() ? "503 5.5.1 no sender" : "250 2.1.5 OK")) {
                        recipient = address(command);
                    }
                } else if (verb.equals("DATA")) {
                    if (reply(client, command, recipient.isEmpty() ? "554 5.5.1 no recipient" : "354 go on")) {
                        receive(client, in, hello, sender, recipient);
                    }
                } else if (verb.equals("QUIT")) {
                    reply(client, command, "221 2.0.0 bye");
                    return;
                } else {
                    reply(client, command, verb.startsWith("AUTH ") ? "235 2.7.0 OK" : "250 2.0.0 OK");
                }
            }
        } finally {
            clients.remove(client);
        }
    }

    private void receive(Socket client, InputStream in, String hello, String sender, String recipient)
            throws IOException {
        var content = new StringBuilder();
        var error = (String) null;
        try {
            for (var line = line(in); !".".equals(line); line = line(in)) {
                if (line == null) {
                    return;
                }
                content.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
            error = error(content.toString());
        } catch (IllegalArgumentException malformed) {
            error = malformed.getMessage();
        }
        if (error != null) {
            refusals.add(error);
            reply(client, ".", "550 5.6.0 " + error);
            client.close();
        } else {
            var reply = reply(".", "250 2.0.0 taken");
            if (isPositive(reply)) {
                deliveries.add(new Delivery(hello, sender, recipient, content.toString()));
            }
            write(client, reply);
        }
    }

    /** Returns whether the reply was positive. */
    private boolean reply(Socket client, String command, String usual) throws IOException {
        var reply = reply(command, usual);
        write(client, reply);
        return isPositive(reply);
    }

    private String reply(String command, String usual) {
        var other = replies.apply(command);
        return other == null ? usual : other;
    }

    private static boolean isPositive(String reply) {
        return reply.charAt(0) < '4';
    }

    private static void write(Socket client, String reply) throws IOException {
        client.getOutputStream().write((reply + "\r\n").getBytes(ISO_8859_1));
        client.getOutputStream().flush();
    }

    private static String address(String command) {
        return command.substring(command.indexOf('<') + 1, command.indexOf('>'));
    }

    /** Reads a line; null at the end. */
    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                throw new IllegalArgumentException("bare LF after: " + line);
            }
            if (next == '\r') {
                if (in.read() != '\n') {
                    throw new IllegalArgumentException("bare CR after: " + line);
                }
                return line.toString();
            }
            line.append((char) next);
        }
        return null;
    }

    /** What is wrong with a mail; null if nothing is. */
    private static @Nullable String error(String content) {
        for (var line : content.split("\r\n")) {
            if (line.length() > 998 || !line.chars().allMatch(c -> c == '\t' || c >= 32 && c < 127)) {
                return "no line of ASCII: " + line;
            }
        }
        var head = content.split("\r\n\r\n", 2)[0].split("\r\n");
        for (var line : head) {
            if (!HEADER.matcher(line).matches() && !FOLDED.matcher(line).matches()) {
                return "no header: " + line;
            }
        }
        var names = headerLines(content)
                .map(line -> line.substring(0, line.indexOf(':')).toLowerCase())
                .toList();
        if (names.size() != Set.copyOf(names).size()
                || !names.containsAll(List.of("from", "to", "subject", "date", "message-id", "mime-version"))) {
            return "a header is missing or there twice: " + names;
        }
        try {
            for (var address : List.of("from", "to")) {
                var value = headerLines(content)
                        .filter(line -> line.toLowerCase().startsWith(address + ": "))
                        .findFirst()
                        .orElseThrow();
                if (value.replaceAll("\"([^\"\\\\]|\\\\.)*\"", "").contains("(")
                        || InternetAddress.parseHeader(value.substring(value.indexOf(' ')), true).length != 1) {
                    return "no address: " + value;
                }
            }
        } catch (MessagingException malformed) {
            return malformed.getMessage();
        }
        return null;
    }
}

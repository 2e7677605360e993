package dev.minicompete.platform.http.limits;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.NetUtil;
import io.vertx.core.net.HostAndPort;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reduces each X-Forwarded header to its first element in the form that Quarkus expects, and removes it when that element is not usable, so
 * that the connection's own address, scheme or host count. Quarkus takes any text for an address and does not answer a request whose address
 * is empty. It reads these headers before the first filter runs, and only if the peer is a trusted proxy.
 */
@Sharable
final class ForwardedHeaders extends ChannelInboundHandlerAdapter {

    private static final CharSequence FOR = "X-Forwarded-For";
    private static final CharSequence HOST = "X-Forwarded-Host";
    private static final CharSequence PORT = "X-Forwarded-Port";
    private static final CharSequence PROTO = "X-Forwarded-Proto";

    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[\\w.-]+|\\[(?<ipv6>[\\p{XDigit}:.]+)])(?::(?<port>\\d+))?");

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            normalise(request.headers());
        }
        context.fireChannelRead(message);
    }

    private static void normalise(HttpHeaders headers) {
        replace(headers, FOR, ForwardedHeaders::address);
        replace(headers, HOST, ForwardedHeaders::host);
        replace(headers, PORT, ForwardedHeaders::port);
        replace(headers, PROTO, ForwardedHeaders::scheme);
        var host = headers.get(HttpHeaderNames.HOST);
        if (host != null && headers.contains(PROTO) && !headers.contains(HOST)) {
            // With a forwarded scheme Quarkus takes the port off Host, but not off this.
            headers.set(HOST, host);
        }
    }

    private static void replace(HttpHeaders headers, CharSequence name, Function<String, Optional<String>> parser) {
        if (headers.contains(name)) {
            var values = headers.getAll(name);
            headers.remove(name);
            // Empty elements of a list do not count (RFC 9110, section 5.6.1.2).
            Arrays.stream(String.join(",", values).split(","))
                    .map(String::strip)
                    .filter(element -> !element.isEmpty())
                    .findFirst()
                    .flatMap(parser)
                    .ifPresent(value -> headers.set(name, value));
        }
    }

    /** An IP address without quotes, brackets, port and zone. */
    private static Optional<String> address(String element) {
        var text = element.replace("\"", "");
        var authority = HostAndPort.parseAuthority(text, -1);
        return Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(text))
                .or(() -> Optional.ofNullable(authority)
                        .map(HostAndPort::host)
                        .map(NetUtil::createByteArrayFromIpAddressString))
                .map(NetUtil::bytesToIpAddress);
    }

    /** A name, an IPv4 address or an IPv6 address in brackets, and maybe a port. */
    private static Optional<String> host(String element) {
        var authority = AUTHORITY.matcher(element);
        return Optional.of(element)
                .filter(host -> authority.matches())
                .filter(host -> authority.group("ipv6") == null || NetUtil.isValidIpV6Address(authority.group("ipv6")))
                .filter(host -> authority.group("port") == null || isPort(authority.group("port")));
    }

    private static Optional<String> port(String element) {
        return Optional.of(element).filter(ForwardedHeaders::isPort);
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535;
    }

    private static Optional<String> scheme(String element) {
        return Optional.of(element.toLowerCase(Locale.ROOT)).filter(scheme -> scheme.matches("https?"));
    }
}

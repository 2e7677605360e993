package dev.minicompete.platform.security;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Groups client addresses by subscriber, for rate limits. */
public final class ClientAddress {

    /** An IPv6 subscriber has a whole prefix, of which they may use any address (RFC 6177). */
    private static final int SUBSCRIBER_BYTES = 8;

    private ClientAddress() {}

    /**
     * The key that a client is counted by: an IPv4 address as it is, an IPv6 address as its /64 network. Text that is no address
     * is returned unchanged.
     */
    public static String network(String address) {
        var bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return address;
        }
        try {
            // Turns an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) into an IPv4 address.
            var client = InetAddress.getByAddress(bytes);
            return client instanceof Inet6Address
                    ? HexFormat.ofDelimiter(":").formatHex(bytes, 0, SUBSCRIBER_BYTES) + "::/64"
                    : client.getHostAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

package dev.minicompete.platform.security;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Where a request comes from. */
public final class ClientAddress {

    /** What one subscriber of IPv6 is given, of which they may use any address (RFC 6177). */
    private static final int SUBSCRIBER_BYTES = 8;

    private ClientAddress() {}

    /** What stands for the client when its tries are counted: an IPv4 address, or the /64 network of an IPv6 one. */
    public static String network(String address) {
        var bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return address;
        }
        try {
            // It sees through an IPv4 address in the guise of an IPv6 one (RFC 4291, section 2.5.5.2).
            var client = InetAddress.getByAddress(bytes);
            return client instanceof Inet6Address
                    ? HexFormat.ofDelimiter(":").formatHex(bytes, 0, SUBSCRIBER_BYTES) + "::/64"
                    : client.getHostAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

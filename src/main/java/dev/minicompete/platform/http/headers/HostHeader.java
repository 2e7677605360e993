package dev.minicompete.platform.http.headers;

import java.net.URI;
import java.net.URISyntaxException;

/** Tells whether a Host header (RFC 9110, section 7.2) is one that an address can be made of. */
final class HostHeader {

    private static final int MAXIMUM_PORT = 65_535;

    private HostHeader() {}

    /** Whether this is a name or an address, perhaps with a port; an empty one is allowed. */
    static boolean isHost(String host) {
        var end = host.length();
        var colon = host.startsWith("[") ? host.indexOf(':', host.indexOf(']') + 1) : host.indexOf(':');
        if (colon >= 0) {
            if (!isPort(host, colon + 1)) {
                return false;
            }
            end = colon;
        }
        return host.startsWith("[") ? isAddress(host.substring(0, end)) : isName(host, end);
    }

    private static boolean isPort(String host, int start) {
        var port = 0;
        for (var i = start; i < host.length(); i++) {
            var digit = host.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = 10 * port + digit;
            if (port > MAXIMUM_PORT) {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(String host, int end) {
        for (var i = 0; i < end; i++) {
            var c = host.charAt(i);
            if (!(c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '-'
                    || c == '_')) {
                return false;
            }
        }
        return true;
    }

    /** An IPv6 address in brackets. */
    private static boolean isAddress(String host) {
        try {
            return host.equals(new URI("http://" + host + "/").getHost());
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}

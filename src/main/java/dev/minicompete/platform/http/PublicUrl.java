package dev.minicompete.platform.http;

import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The address at which people reach the pages, for links in mails: {@code PUBLIC_URL}. */
@Singleton
public class PublicUrl {

    private final String base;
    private final String mailDomain;

    PublicUrl(@ConfigProperty(name = "web.public-url") String url) {
        base = url.replaceFirst("/+$", "");
        mailDomain = mailDomain(url);
    }

    /**
     * Returns the address of a page.
     *
     * @param path begins with a slash
     */
    public String of(String path) {
        return base + path;
    }

    /** The host, as mails name it: see {@link #mailDomain(String)}. */
    public String mailDomain() {
        return mailDomain;
    }

    /**
     * Returns the host of an address, as mails name it: a domain, or an address literal (RFC 5321, section 4.1.3).
     *
     * @throws IllegalArgumentException with a message of one line, if the text is not such an address
     */
    public static String mailDomain(String url) {
        var host = check(url).getHost();
        if (host.startsWith("[")) {
            return "[IPv6:" + host.substring(1);
        }
        return host.matches("[\\d.]+") ? "[" + host + "]" : host;
    }

    /**
     * Checks that a text is the address of a site, to which a path can be appended.
     *
     * @throws IllegalArgumentException with a message of one line
     */
    public static URI check(String url) {
        try {
            var uri = new URI(url);
            if (url.matches("https?://[\\p{Graph}&&[^?#@]]+") && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // Reported below.
        }
        throw new IllegalArgumentException(
                "\"" + url.replaceAll("\\p{C}", "?") + "\" is not an address such as https://compete.example.org");
    }
}

package dev.minicompete.web;

import dev.minicompete.platform.http.problem.ProblemException;
import io.quarkus.runtime.LaunchMode;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The style sheet, scripts and icon of the pages. Each address contains the hash of the content, so that browsers may cache
 * a file for ever and still load a new version at once. The files are read when the class is initialised, which for the
 * native image is at build time.
 */
@Path("/assets/{hash}/{name}")
@PermitAll
class Assets {

    private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.8/dist/htmx.min.js";

    private static final int HASH_DIGITS = 16;

    private static final Map<String, Asset> BY_NAME = read();

    private static Map<String, Asset> read() {
        return Stream.of(
                        Asset.read("style.css", "text/css;charset=UTF-8", "/web/style.css"),
                        Asset.read("app.js", "text/javascript;charset=UTF-8", "/web/app.js"),
                        Asset.read("htmx.js", "text/javascript;charset=UTF-8", HTMX),
                        Asset.read("icon.svg", "image/svg+xml", "/web/icon.svg"))
                .collect(Collectors.toUnmodifiableMap(Asset::name, Function.identity()));
    }

    /** The file of this name. Dev mode reads it anew at each call. */
    private static Optional<Asset> find(String name) {
        var assets = LaunchMode.current() == LaunchMode.DEVELOPMENT ? read() : BY_NAME;
        return Optional.ofNullable(assets.get(name));
    }

    /** The address of the file of this name. */
    static String address(String name) {
        return "/assets/" + find(name).orElseThrow().hash + "/" + name;
    }

    /**
     * Returns a file. During a rolling upgrade the page of another version may ask with another hash. It gets this version's
     * file, which the browser then revalidates at each use.
     */
    @GET
    public RestResponse<byte[]> get(
            @RestPath String hash,
            @RestPath String name,
            @HeaderParam(HttpHeaders.ACCEPT_ENCODING) @Nullable String encodings) {
        var asset = find(name).orElseThrow(ProblemException::notFound);
        var compressed = encodings != null && encodings.contains("gzip");
        var response = ResponseBuilder.ok(compressed ? asset.gzip() : asset.bytes())
                .header(HttpHeaders.CONTENT_TYPE, asset.type())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(
                        HttpHeaders.CACHE_CONTROL,
                        hash.equals(asset.hash()) ? "public, max-age=31536000, immutable" : "no-cache");
        if (compressed) {
            response.header(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        return response.build();
    }

    /** A file, plain and compressed by gzip. */
    record Asset(String name, String type, String hash, byte[] bytes, byte[] gzip) {

        private static Asset read(String name, String type, String resource) {
            try (var file = Assets.class.getResourceAsStream(resource)) {
                var bytes = file.readAllBytes();
                var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                return new Asset(
                        name,
                        type,
                        HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS),
                        bytes,
                        compressed(bytes));
            } catch (IOException | GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        private static byte[] compressed(byte[] bytes) {
            var compressed = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(compressed)) {
                gzip.write(bytes);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return compressed.toByteArray();
        }
    }
}

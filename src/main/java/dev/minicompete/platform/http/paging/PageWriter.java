package dev.minicompete.platform.http.paging;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes pages as JSON. Concurrent requests that share a page ({@code RequestCoalescer}) share its JSON, too, since
 * serialization costs more than the rest of such a request.
 */
@Provider
class PageWriter implements ServerMessageBodyWriter<Page<?>> {

    private final ObjectMapper mapper;

    /** The last page and its JSON. One is enough: requests that share a page are answered one directly after the other. */
    private volatile @Nullable Written last;

    PageWriter(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    private record Written(Page<?> page, byte[] json) {}

    @Override
    public boolean isWriteable(Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType media) {
        return type == Page.class;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type == Page.class;
    }

    @Override
    public void writeResponse(Page<?> page, Type generic, ServerRequestContext context) throws IOException {
        context.serverResponse().end(json(page));
    }

    @Override
    public void writeTo(
            Page<?> page,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream body)
            throws IOException {
        body.write(json(page));
    }

    private byte[] json(Page<?> page) throws IOException {
        var written = last;
        if (written == null || written.page != page) {
            written = new Written(page, mapper.writeValueAsBytes(page));
            last = written;
        }
        return written.json;
    }
}

package dev.minicompete.platform.http.paging;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Converts ids in paths. A malformed id is answered with 404, like an unknown one. */
@Provider
class IdConverter implements ParamConverterProvider, ParamConverter<UUID> {

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> type, Type generic, Annotation[] annotations) {
        return type == UUID.class ? (ParamConverter<T>) this : null;
    }

    /**
     * Parses an id.
     *
     * @throws NotFoundException when it is malformed
     */
    @Override
    public UUID fromString(String text) {
        return Parameters.parseId(text).orElseThrow(NotFoundException::new);
    }

    @Override
    public String toString(UUID id) {
        return id.toString();
    }
}

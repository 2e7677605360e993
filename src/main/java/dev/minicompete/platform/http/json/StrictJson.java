package dev.minicompete.platform.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Function;

/**
 * Configures Jackson to accept only JSON of RFC 8259, and to reject unknown and repeated members, values of another type,
 * content after the end, and text that PostgreSQL cannot store.
 */
@Singleton
class StrictJson implements ObjectMapperCustomizer {

    /** Last: of two deserializers of a type the later one counts, and Quarkus registers one for Instant. */
    @Override
    public int priority() {
        return MINIMUM_PRIORITY;
    }

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        mapper.setConfig(mapper.getDeserializationConfig().without(MapperFeature.ALLOW_COERCION_OF_SCALARS));
        mapper.getFactory().configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature(), true);
        mapper.coercionConfigDefaults()
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail);
        mapper.coercionConfigFor(LogicalType.Textual)
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        mapper.registerModule(new SimpleModule("strict")
                .addDeserializer(String.class, new StringDeserializer<>(String.class, StrictJson::storable))
                .addDeserializer(Instant.class, new StringDeserializer<>(Instant.class, StrictJson::timestamp)));
    }

    /** Accepts text that PostgreSQL can store: without NUL, and with surrogates in pairs only. */
    private static String storable(String text) {
        // In a stream of code points a surrogate is one without its other half.
        if (text.codePoints().anyMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new IllegalArgumentException("must not contain NUL or an unpaired surrogate");
        }
        return text;
    }

    private static Instant timestamp(String text) {
        try {
            return Rfc3339.parse(text);
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException(
                    "must be an RFC 3339 timestamp with an offset or Z, such as 2030-01-31T23:59:59Z", malformed);
        }
    }

    /** Accepts JSON strings only. The message of the parser's {@link IllegalArgumentException} is for the client. */
    private static final class StringDeserializer<T> extends StdScalarDeserializer<T> {

        private final Class<T> type;
        private final Function<String, T> parser;

        StringDeserializer(Class<T> type, Function<String, T> parser) {
            super(type);
            this.type = type;
            this.parser = parser;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (!json.hasToken(JsonToken.VALUE_STRING)) {
                return type.cast(context.handleUnexpectedToken(type, json));
            }
            try {
                return parser.apply(json.getText());
            } catch (IllegalArgumentException invalid) {
                throw JsonMappingException.from(json, invalid.getMessage());
            }
        }
    }
}

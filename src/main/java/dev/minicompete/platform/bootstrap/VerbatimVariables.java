package dev.minicompete.platform.bootstrap;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the values of environment variables verbatim. SmallRye expands expressions in every value, also in those of variables,
 * so that a password with {@code $$} or <code>${</code> would be changed or end the start. {@link Hide} runs before the
 * expansion, {@link Show} after it.
 */
final class VerbatimVariables {

    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z_]*");

    /** A code point that no text contains (Unicode 23.7, noncharacters). */
    private static final char HIDDEN_DOLLAR = '\uFDD0';

    private VerbatimVariables() {}

    private static @Nullable ConfigValue replace(@Nullable ConfigValue value, char from, char to) {
        return value == null || value.getValue() == null || value.getValue().indexOf(from) < 0
                ? value
                : value.withValue(value.getValue().replace(from, to));
    }

    /** Hides the dollar signs in the values of variables. SmallRye loads it as a service. */
    @Priority(Priorities.LIBRARY + 250)
    public static final class Hide implements ConfigSourceInterceptor {

        @Override
        public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
            var value = context.proceed(name);
            return isVariable(name, value) ? replace(value, '$', HIDDEN_DOLLAR) : value;
        }

        /** A variable may be a system property, and some properties, such as {@code redis.url}, have a variable of their own. */
        private static boolean isVariable(String name, @Nullable ConfigValue value) {
            return VARIABLE.matcher(name).matches()
                    || value != null && EnvConfigSource.NAME.equals(value.getConfigSourceName());
        }
    }

    /** Shows the dollar signs again. SmallRye loads it as a service. */
    @Priority(Priorities.LIBRARY + 350)
    public static final class Show implements ConfigSourceInterceptor {

        @Override
        public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
            return replace(context.proceed(name), HIDDEN_DOLLAR, '$');
        }
    }
}

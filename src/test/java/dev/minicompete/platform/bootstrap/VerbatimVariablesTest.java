package dev.minicompete.platform.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No value of a variable is expanded as an expression. */
class VerbatimVariablesTest {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z_]+):.*}");

    /** The properties that are exactly one variable, with its name. */
    private static Map<String, String> properties() throws IOException {
        var properties = new HashMap<String, String>();
        application().getProperties().forEach((property, value) -> {
            var variable = VARIABLE.matcher(value);
            if (variable.matches() && !property.startsWith("%")) {
                properties.put(property, variable.group(1));
            }
        });
        assertThat(properties)
                .hasSizeGreaterThan(30)
                .containsEntry("quarkus.datasource.password", "DB_PASSWORD")
                .containsEntry("mail.smtp.password", "SMTP_PASSWORD")
                .containsEntry("redis.url", "REDIS_URL");
        return properties;
    }

    private static PropertiesConfigSource application() throws IOException {
        return new PropertiesConfigSource(
                Path.of("src/main/resources/application.properties").toUri().toURL(), 250);
    }

    private static SmallRyeConfig config(ConfigSource variables) throws IOException {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredInterceptors()
                .withSources(variables, application())
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a$$b",
                "$",
                "$$$$",
                "${",
                "${x}",
                "${x:y}",
                "${DB_USER}",
                "${DB_USER:${",
                "}${HOME}{",
                "a\\b",
                "a\\$b",
                "\\${x}",
                "\\\\$$",
                "a+b{c}#d%41&e=f",
                "aes-gcm-nopadding::a",
                "${handler::a}",
                " a$ ",
                "'$a'",
                "\"${a}\""
            })
    void valueReachesItsPropertyAsItIs(String value) throws IOException {
        for (var property : properties().entrySet()) {
            var variables = new HashMap<>(Map.of("x", "expanded", "DB_USER", "expanded"));
            variables.put(property.getValue(), value);
            for (var source : List.of(
                    new EnvConfigSource(variables, 300), new PropertiesConfigSource(variables, "system", 400))) {
                assertThat(config(source).getRawValue(property.getKey()))
                        .as(property.getKey())
                        .isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a$$b", "${x}", "a\\$b"})
    void valueIsAlsoVerbatimWithinAnotherValue(String value) throws IOException {
        var config = config(new PropertiesConfigSource(
                Map.of("DB_NAME", value, "TRUSTED_PROXIES", value, "x", "expanded"), "system", 400));
        assertThat(config.getRawValue("quarkus.datasource.jdbc.url")).endsWith("/" + value);
        assertThat(config.getRawValue("quarkus.http.proxy.trusted-proxies")).endsWith("," + value);
    }
}

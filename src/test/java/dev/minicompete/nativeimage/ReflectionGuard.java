package dev.minicompete.nativeimage;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import io.quarkus.arc.Arc;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes every test of this JVM fail where Jackson looks into a type that it could not look into in a native image: one that
 * no resource names in its signature and that nobody has registered.
 */
@Singleton
class ReflectionGuard implements ObjectMapperCustomizer {

    private static final String ROOT = "dev.minicompete.";

    private Set<Class<?>> named;

    @Override
    public void customize(ObjectMapper mapper) {
        var module = new SimpleModule("reflection guard");
        module.setSerializerModifier(new BeanSerializerModifier() {
            @Override
            public List<BeanPropertyWriter> changeProperties(
                    SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
                check(bean.getBeanClass());
                return properties;
            }
        });
        module.setDeserializerModifier(new BeanDeserializerModifier() {
            @Override
            public BeanDeserializerBuilder updateBuilder(
                    DeserializationConfig config, BeanDescription bean, BeanDeserializerBuilder builder) {
                check(bean.getBeanClass());
                return builder;
            }
        });
        mapper.registerModule(module);
    }

    private synchronized void check(Class<?> type) {
        if (named == null) {
            named = typesOfResources();
        }
        if (type.getName().startsWith(ROOT)
                && !type.isAnnotationPresent(RegisterForReflection.class)
                && !named.contains(type)) {
            throw new IllegalStateException(type.getName() + " needs @RegisterForReflection");
        }
    }

    /** As Quarkus finds them: the types in the signatures, and what they are made of. */
    private static Set<Class<?>> typesOfResources() {
        var found = new HashSet<Class<?>>();
        Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .map(bean -> bean.getBeanClass())
                .filter(type -> type.isAnnotationPresent(Path.class))
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .flatMap(method -> Stream.concat(
                        Stream.of(method.getGenericReturnType()), Stream.of(method.getGenericParameterTypes())))
                .forEach(type -> collect(type, found));
        return found;
    }

    private static void collect(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType generic) {
            collect(generic.getRawType(), found);
            Stream.of(generic.getActualTypeArguments()).forEach(argument -> collect(argument, found));
        } else if (type instanceof Class<?> plain && plain.getName().startsWith(ROOT) && found.add(plain)) {
            Stream.of(plain.getDeclaredFields()).map(Field::getGenericType).forEach(field -> collect(field, found));
        }
    }
}

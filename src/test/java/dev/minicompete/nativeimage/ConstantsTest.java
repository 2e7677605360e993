package dev.minicompete.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.Main;
import dev.minicompete.testing.ClassFiles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.channels.Channel;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/**
 * Constants are computed when the native image is built, and are the same in every process then: so none may hold chance, a
 * thread, or anything open. Looks into objects of ours and through collections; libraries are declared one by one in
 * {@code quarkus.native.additional-build-args}.
 */
class ConstantsTest {

    private static final String ROOT = "dev.minicompete";

    private static final List<Class<?>> ALIVE = List.of(Random.class, Thread.class, Executor.class, Channel.class);

    @Test
    void noConstantIsAlive() throws Exception {
        for (var name : productionClasses()) {
            assertLifeless(Class.forName(name));
        }
    }

    @Test
    void aLiveConstantIsFound() {
        assertThatThrownBy(() -> assertLifeless(Holder.class)).hasMessageContaining("Holder.HELD");
    }

    /** What must not be. */
    private static final class Holder {
        static final List<Held> HELD = List.of(new Held(new SecureRandom()));
    }

    private record Held(Random chance) {}

    private static List<String> productionClasses() {
        return ClassFiles.besides(Main.class).stream()
                .filter(name -> !name.startsWith(ROOT + ".dev."))
                .toList();
    }

    private static void assertLifeless(Class<?> type) throws ReflectiveOperationException {
        for (var field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                assertThat(reachable(value(field, null)))
                        .as(type.getSimpleName() + "." + field.getName())
                        .noneMatch(object -> ALIVE.stream().anyMatch(alive -> alive.isInstance(object)));
            }
        }
    }

    private static Set<Object> reachable(Object start) throws ReflectiveOperationException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> rest = new ArrayDeque<>();
        if (start != null) {
            rest.add(start);
        }
        while (!rest.isEmpty()) {
            var object = rest.poll();
            if (seen.add(object)) {
                rest.addAll(inside(object));
            }
        }
        return seen;
    }

    private static List<Object> inside(Object object) throws ReflectiveOperationException {
        var inside = new ArrayList<>();
        if (object instanceof Iterable<?> all) {
            all.forEach(inside::add);
        } else if (object instanceof Object[] all) {
            inside.addAll(Arrays.asList(all));
        } else if (object.getClass().getName().startsWith(ROOT)) {
            for (var field : object.getClass().getDeclaredFields()) {
                inside.add(value(field, object));
            }
        }
        inside.removeIf(found -> found == null);
        return inside;
    }

    private static Object value(Field field, Object owner) throws ReflectiveOperationException {
        field.setAccessible(true);
        return field.get(owner);
    }
}

package dev.minicompete.nativeimage;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Objects that only a running process may have. What is initialized while a native image is built is the same in every process
 * that runs it, so it must reach no such object. Looks into objects of this project, collections and formatters.
 */
final class RunTimeObjects {

    private static final String PROJECT = "dev.minicompete.";

    /** By name, since the packaged application has a class loader of its own. */
    private static final Set<String> TYPES = Set.of(
            "io.netty.buffer.ByteBuf",
            "io.netty.util.concurrent.EventExecutorGroup",
            "io.vertx.core.Vertx",
            "io.vertx.core.buffer.Buffer",
            "java.io.Closeable",
            "java.io.File",
            "java.nio.file.Path",
            "java.time.Clock",
            "java.util.Random",
            "java.util.TimeZone",
            "java.util.concurrent.Executor",
            "java.lang.Thread");

    private RunTimeObjects() {}

    /** Those reachable from the static fields of a class, each with the field it is reached from. */
    static List<String> inConstantsOf(Class<?> type) throws IllegalAccessException {
        var found = new ArrayList<String>();
        for (var field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                found.addAll(reachableFrom(type.getName() + "." + field.getName(), value(field, null)));
            }
        }
        return found;
    }

    /** Those reachable from an object, each after the name given here. */
    static List<String> reachableFrom(String name, Object start) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> rest = new ArrayDeque<>();
        var found = new ArrayList<String>();
        if (start != null) {
            rest.add(start);
        }
        while (!rest.isEmpty()) {
            var object = rest.poll();
            if (seen.add(object)) {
                if (isOfRunTime(object)) {
                    found.add(name + " reaches " + object.getClass().getName());
                }
                rest.addAll(inside(object));
            }
        }
        return found;
    }

    private static boolean isOfRunTime(Object object) {
        return isOfRunTime(object.getClass())
                || object instanceof Locale locale
                        && !Set.of(Locale.ROOT, Locale.ENGLISH, Locale.UK).contains(locale)
                || object instanceof ZoneId && !(object instanceof ZoneOffset);
    }

    private static boolean isOfRunTime(Class<?> type) {
        return type != null
                && (TYPES.contains(type.getName())
                        || isOfRunTime(type.getSuperclass())
                        || Arrays.stream(type.getInterfaces()).anyMatch(RunTimeObjects::isOfRunTime));
    }

    private static List<Object> inside(Object object) throws IllegalAccessException {
        var inside = new ArrayList<>();
        if (object instanceof Iterable<?> all && !(object instanceof Path)) {
            all.forEach(inside::add);
        } else if (object instanceof Map<?, ?> map) {
            inside.addAll(map.keySet());
            inside.addAll(map.values());
        } else if (object instanceof Object[] all) {
            inside.addAll(Arrays.asList(all));
        } else if (object instanceof AtomicReference<?> reference) {
            inside.add(reference.get());
        } else if (object instanceof Optional<?> optional) {
            optional.ifPresent(inside::add);
        } else if (object instanceof DateTimeFormatter format) {
            inside.add(format.getLocale());
            inside.add(format.getZone());
        } else if (object.getClass().getName().startsWith(PROJECT)) {
            for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
                for (var field : type.getDeclaredFields()) {
                    if (type.getName().startsWith(PROJECT) && !Modifier.isStatic(field.getModifiers())) {
                        inside.add(value(field, object));
                    }
                }
            }
        }
        inside.removeIf(found -> found == null);
        return inside;
    }

    private static Object value(Field field, Object owner) throws IllegalAccessException {
        field.setAccessible(true);
        return field.get(owner);
    }
}

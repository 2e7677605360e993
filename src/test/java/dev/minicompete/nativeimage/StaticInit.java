package dev.minicompete.nativeimage;

import io.quarkus.bootstrap.runner.SerializedApplication;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Does in a JVM of its own what the build of a native image does with the packaged application: it initializes Quarkus' generated
 * class, which makes beans, and starts nothing. Prints {@code bean} and the class of each bean of this project that exists then, and
 * {@code found} and each object of a running process that is reachable from one.
 */
final class StaticInit {

    private static final String PROJECT = "dev.minicompete.";

    private StaticInit() {}

    public static void main(String[] arguments) throws Exception {
        var loader = classLoader(Path.of(arguments[0]));
        Thread.currentThread().setContextClassLoader(loader);
        Class.forName("io.quarkus.runner.ApplicationImpl", true, loader);
        for (var bean : beans(loader)) {
            if (bean.getClass().getName().startsWith(PROJECT)) {
                System.out.println("bean " + bean.getClass().getName());
                RunTimeObjects.reachableFrom(bean.getClass().getName(), bean)
                        .forEach(found -> System.out.println("found " + found));
            }
        }
        // Threads that libraries have started by then hold nobody up.
        Runtime.getRuntime().halt(0);
    }

    /** Of the jar it is Quarkus' own; what a native executable is built from is all on the class path. */
    private static ClassLoader classLoader(Path application) throws IOException {
        var index = application.resolve("quarkus/quarkus-application.dat");
        if (!Files.exists(index)) {
            return StaticInit.class.getClassLoader();
        }
        try (InputStream description = new BufferedInputStream(Files.newInputStream(index))) {
            return SerializedApplication.read(description, application).getRunnerClassLoader();
        }
    }

    /** By reflection, since the application's class loader has an Arc of its own. */
    private static List<Object> beans(ClassLoader loader) throws ReflectiveOperationException {
        var container =
                loader.loadClass("io.quarkus.arc.Arc").getMethod("container").invoke(null);
        var context = loader.loadClass("io.quarkus.arc.InjectableContext");
        var state = loader.loadClass("io.quarkus.arc.InjectableContext$ContextState");
        var beans = new ArrayList<>();
        for (var scope : List.of("jakarta.inject.Singleton", "jakarta.enterprise.context.ApplicationScoped")) {
            var active = loader.loadClass("io.quarkus.arc.ArcContainer")
                    .getMethod("getActiveContext", Class.class)
                    .invoke(container, loader.loadClass(scope));
            var instances = (java.util.Map<?, ?>) state.getMethod("getContextualInstances")
                    .invoke(context.getMethod("getState").invoke(active));
            beans.addAll(instances.values());
        }
        return beans;
    }
}

package dev.minicompete.platform.http.problem;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;

/** The methods of each path, for the {@code Allow} header that RFC 9110 requires in a 405 and Quarkus omits. */
@Singleton
class AllowedMethods {

    private final Map<Pattern, Set<String>> byPath = new HashMap<>();

    AllowedMethods() {
        RuntimeResourceVisitor.visitRuntimeResources(
                "", ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers(), new RuntimeResourceVisitor() {
                    @Override
                    public void visitRuntimeResource(String method, String path, RuntimeResource resource) {
                        var pattern = Pattern.compile(path.replaceAll("\\{[^}]+}", "[^/]+") + "/?");
                        byPath.computeIfAbsent(pattern, ignored -> new TreeSet<>())
                                .add(method);
                    }
                });
    }

    /** The methods of this path; empty when no resource has it. */
    Set<String> of(String path) {
        var methods = new TreeSet<String>();
        byPath.forEach((pattern, allowed) -> {
            if (pattern.matcher(path).matches()) {
                methods.addAll(allowed);
            }
        });
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return methods;
    }
}

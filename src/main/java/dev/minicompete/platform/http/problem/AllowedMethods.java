package dev.minicompete.platform.http.problem;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The methods of each path, for the {@code Allow} header of a 405 (RFC 9110, section 15.5.6), which Quarkus omits, and of OPTIONS, for which
 * Quarkus lists the methods of all paths with the same prefix, also for paths that do not exist.
 */
@ApplicationScoped
class AllowedMethods {

    private final Map<Pattern, Set<String>> byPath = new HashMap<>();

    /** At the first use: Quarkus creates filters before it knows its resources. */
    @PostConstruct
    void readResources() {
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

    @ServerRequestFilter(preMatching = true)
    @Nullable
    Response respondToOptions(ContainerRequestContext request) {
        if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
            return null;
        }
        var methods = of(request.getUriInfo().getRequestUri().getPath());
        if (methods.isEmpty()) {
            throw ProblemException.notFound();
        }
        return Response.ok()
                .header(HttpHeaders.ALLOW, String.join(", ", methods))
                .build();
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

package dev.minicompete.platform.http.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.platform.http.problem.Problem;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Completes the OpenAPI document at build time. Each operation lists the codes of its problems in the extension
 * {@link #PROBLEMS}; the filter documents them as responses. Each body gets an example, made of the examples of its members.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class OpenApi implements OASFilter {

    /** The extension whose value is a list of problem codes, separated by spaces. */
    public static final String PROBLEMS = "x-problems";

    /** The problems of each operation with a body. */
    public static final String BODY = "validation malformed-request payload-too-large unsupported-media-type ";

    /** The problems of each operation that needs a token. */
    public static final String TOKEN = "authentication-required invalid-token ";

    /** The problems of each operation that needs a token of a certain role. */
    public static final String ROLE = TOKEN + "forbidden ";

    private static final String ALWAYS = " not-acceptable unavailable";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        var examples = new OpenApiExamples(document.getComponents().getSchemas());
        document.getPaths()
                .getPathItems()
                .values()
                .forEach(path -> path.getOperations().values().forEach(operation -> complete(operation, examples)));
    }

    private static void complete(Operation operation, OpenApiExamples examples) {
        var problems = Objects.toString(operation.getExtension(PROBLEMS), "");
        // The scanner copies an extension of the method to everything that the method declares.
        operation.removeExtension(PROBLEMS);
        if (operation.getParameters() != null) {
            operation.getParameters().forEach(parameter -> parameter.removeExtension(PROBLEMS));
        }
        var body = operation.getRequestBody();
        if (body != null) {
            body.removeExtension(PROBLEMS);
            announceJson(body);
            complete(body.getContent(), examples);
        }
        operation.getResponses().removeExtension(PROBLEMS);
        operation.getResponses().getAPIResponses().values().forEach(response -> {
            response.removeExtension(PROBLEMS);
            complete(response.getContent(), examples);
        });
        // Quarkus adds 403 to every operation that needs a token, also where any role is allowed.
        operation.getResponses().removeAPIResponse("403");
        problemsByStatus(problems + ALWAYS)
                .forEach((status, types) ->
                        operation.getResponses().addAPIResponse(Integer.toString(status), response(types)));
    }

    /** Operations that take a record as their body consume any type, and read JSON only ({@code JsonBodyReader}). */
    private static void announceJson(RequestBody body) {
        var media = body.getContent().getMediaType(MediaType.WILDCARD);
        if (media != null) {
            body.setContent(OASFactory.createContent().addMediaType(MediaType.APPLICATION_JSON, media));
        }
    }

    private static void complete(Content content, OpenApiExamples examples) {
        if (content != null) {
            content.getMediaTypes().values().forEach(media -> {
                media.removeExtension(PROBLEMS);
                media.setExample(examples.of(media.getSchema()));
            });
        }
    }

    private static Map<Integer, Map<String, ProblemType>> problemsByStatus(String codes) {
        return Arrays.stream(codes.trim().split("\\s+"))
                .map(code -> ProblemType.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_')))
                .collect(Collectors.groupingBy(
                        ProblemType::status,
                        TreeMap::new,
                        Collectors.toMap(ProblemType::code, type -> type, (one, same) -> one, TreeMap::new)));
    }

    private static APIResponse response(Map<String, ProblemType> problems) {
        var media =
                OASFactory.createMediaType().schema(OASFactory.createSchema().ref("Problem"));
        problems.forEach((code, type) ->
                media.addExample(code, OASFactory.createExample().value(example(type))));
        return OASFactory.createAPIResponse()
                .description(problems.values().stream().map(ProblemType::title).collect(Collectors.joining("; ")))
                .content(OASFactory.createContent().addMediaType(Problem.MEDIA_TYPE, media));
    }

    private static Object example(ProblemType type) {
        var problem =
                ProblemException.of(type, "A sentence about this occurrence.").problem();
        return new ObjectMapper().convertValue(problem, Map.class);
    }
}

package dev.minicompete.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.minicompete.problem.Problem;
import dev.minicompete.problem.ProblemType;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Completes the OpenAPI document: an operation names its problems by code in the extension {@link #PROBLEMS}, and each
 * becomes a documented answer with an example.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class OpenApi implements OASFilter {

    /** The extension whose value is a list of problem codes, separated by spaces. */
    public static final String PROBLEMS = "x-problems";

    /** What any operation that reads a body can answer. */
    public static final String BODY = "validation malformed-request payload-too-large unsupported-media-type ";

    /** What any operation that needs a token can answer. */
    public static final String TOKEN = "authentication-required invalid-token ";

    /** What any operation that needs a token of one role can answer. */
    public static final String ROLE = TOKEN + "forbidden ";

    private static final String ALWAYS = " not-acceptable unavailable";

    @Override
    public Operation filterOperation(Operation operation) {
        var named = operation.getExtensions() == null
                ? ""
                : operation.getExtensions().getOrDefault(PROBLEMS, "").toString();
        operation.removeExtension(PROBLEMS);
        problemsByStatus(named + ALWAYS)
                .forEach((status, problems) ->
                        operation.getResponses().addAPIResponse(Integer.toString(status), response(problems)));
        return operation;
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
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "urn:mini-compete:problem:" + type.code())
                .put("title", type.title())
                .put("status", type.status())
                .put("detail", "What went wrong this time, in words.")
                .put("code", type.code());
    }
}

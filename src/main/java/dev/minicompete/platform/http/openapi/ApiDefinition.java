package dev.minicompete.platform.http.openapi;

import dev.minicompete.platform.http.problem.Problem;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The part of the OpenAPI document that describes the API as a whole. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Mini Compete",
                        version = "1.0",
                        description = "Registration for competitions with limited seats."),
        components = @Components(schemas = @Schema(name = "Problem", implementation = Problem.class)))
@ApplicationPath("/")
public class ApiDefinition extends Application {}

package dev.cistern.gateway;

import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** What the documentation says of all endpoints together. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Cistern",
                        version = "v1",
                        description = "Databases by REST. An id is any of the three names of a Database: 24 hex"
                                + " digits, ad- and its UID, or its name and the first 4 digits of its UID."),
        security = @SecurityRequirement(name = RestApi.TOKEN),
        components =
                @Components(
                        securitySchemes =
                                @SecurityScheme(
                                        securitySchemeName = RestApi.TOKEN,
                                        type = SecuritySchemeType.HTTP,
                                        scheme = "bearer",
                                        description = "A token of the Kubernetes cluster. What its owner may do to the"
                                                + " objects with kubectl is what they may do here."),
                        responses = {
                            @APIResponse(
                                    name = RestApi.UNAUTHENTICATED,
                                    description = "No token, or not a good one",
                                    content =
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_JSON,
                                                    schema = @Schema(implementation = ErrorBody.class),
                                                    example = Examples.UNAUTHENTICATED)),
                            @APIResponse(
                                    name = RestApi.FORBIDDEN,
                                    description = "The caller has no right to it in Kubernetes",
                                    content =
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_JSON,
                                                    schema = @Schema(implementation = ErrorBody.class),
                                                    example = Examples.FORBIDDEN)),
                            @APIResponse(
                                    name = RestApi.NOT_FOUND,
                                    description = "No such Database",
                                    content =
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_JSON,
                                                    schema = @Schema(implementation = ErrorBody.class),
                                                    example = Examples.NOT_FOUND)),
                            @APIResponse(
                                    name = RestApi.CONFLICT,
                                    description = "Somebody else, such as Git, keeps what would be changed",
                                    content =
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_JSON,
                                                    schema = @Schema(implementation = ErrorBody.class),
                                                    example = Examples.CONFLICT)),
                            @APIResponse(
                                    name = RestApi.INVALID,
                                    description = "A field is wrong; nothing was changed",
                                    content =
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_JSON,
                                                    schema = @Schema(implementation = ErrorBody.class),
                                                    example = Examples.INVALID)),
                            @APIResponse(
                                    name = RestApi.TOO_MANY,
                                    description = "Too many requests; Retry-After says when",
                                    content =
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_JSON,
                                                    schema = @Schema(implementation = ErrorBody.class),
                                                    example = Examples.TOO_MANY)),
                            @APIResponse(
                                    name = RestApi.UNAVAILABLE,
                                    description = "The API server cannot be asked; Retry-After says when",
                                    content =
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_JSON,
                                                    schema = @Schema(implementation = ErrorBody.class),
                                                    example = Examples.UNAVAILABLE))
                        }))
public class RestApi extends Application {
    static final String TOKEN = "token";
    static final String UNAUTHENTICATED = "Unauthenticated";
    static final String FORBIDDEN = "Forbidden";
    static final String NOT_FOUND = "NotFound";
    static final String CONFLICT = "Conflict";
    static final String INVALID = "Invalid";
    static final String TOO_MANY = "TooMany";
    static final String UNAVAILABLE = "Unavailable";
}

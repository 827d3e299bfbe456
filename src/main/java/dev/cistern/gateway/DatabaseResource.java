package dev.cistern.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.api.Database;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints. Reading is answered from memory without leaving the event loop; what writes waits on a virtual thread.
 * Bodies are taken whatever their Content-Type says, since existing clients are not strict about it.
 */
@Path("/api/databases/{id}")
@Tag(name = "Databases")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class DatabaseResource {
    static final String TRUNCATED_HEADER = "X-Cistern-Truncated";

    private final RoutingContext routing;
    private final Databases databases;
    private final DatabaseUpdate update;
    private final FeatureSwitch features;
    private final ActionRun actions;

    DatabaseResource(
            RoutingContext routing,
            Databases databases,
            DatabaseUpdate update,
            FeatureSwitch features,
            ActionRun actions) {
        this.routing = routing;
        this.databases = databases;
        this.update = update;
        this.features = features;
        this.actions = actions;
    }

    /** Shows a Database. */
    @Operation(operationId = "showDatabase", summary = "Show a database")
    @APIResponse(
            responseCode = "200",
            description = "The database",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = DatabaseBody.Wrapped.class),
                            examples = @ExampleObject(name = "database", ref = "database")))
    @APIResponse(responseCode = "401", ref = RestApi.UNAUTHENTICATED)
    @APIResponse(responseCode = "403", ref = RestApi.FORBIDDEN)
    @APIResponse(responseCode = "404", ref = RestApi.NOT_FOUND)
    @APIResponse(responseCode = "429", ref = RestApi.TOO_MANY)
    @APIResponse(responseCode = "503", ref = RestApi.UNAVAILABLE)
    @GET
    public CompletionStage<DatabaseBody.Wrapped> show(@PathParam("id") String id) {
        return databases.find(Exchange.of(routing), id).thenCompose(databases::show);
    }

    /** Changes settings. */
    @Operation(operationId = "updateDatabase", summary = "Change settings of a database; what is not named stays")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = UpdateBody.class),
                            example = Examples.UPDATE))
    @APIResponse(
            responseCode = "200",
            description = "The database after the change",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = DatabaseBody.Wrapped.class),
                            examples = @ExampleObject(name = "database", ref = "database")))
    @APIResponse(responseCode = "401", ref = RestApi.UNAUTHENTICATED)
    @APIResponse(responseCode = "403", ref = RestApi.FORBIDDEN)
    @APIResponse(responseCode = "404", ref = RestApi.NOT_FOUND)
    @APIResponse(responseCode = "409", ref = RestApi.CONFLICT)
    @APIResponse(responseCode = "422", ref = RestApi.INVALID)
    @APIResponse(responseCode = "429", ref = RestApi.TOO_MANY)
    @APIResponse(responseCode = "503", ref = RestApi.UNAVAILABLE)
    @PATCH
    @RunOnVirtualThread
    public DatabaseBody.Wrapped patch(@PathParam("id") String id, byte @Nullable [] body) {
        Exchange exchange = Exchange.of(routing);
        Database database = found(exchange, id);
        Database updated = update.update(exchange.bearer(), database, DatabaseChange.of(Bodies.read(body)));
        return Futures.await(databases.show(updated));
    }

    /** Changes settings; what is not named stays, as with PATCH. */
    @Operation(operationId = "putDatabase", summary = "Change settings of a database; what is not named stays")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = UpdateBody.class),
                            example = Examples.UPDATE))
    @APIResponse(
            responseCode = "200",
            description = "The database after the change",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = DatabaseBody.Wrapped.class),
                            examples = @ExampleObject(name = "database", ref = "database")))
    @APIResponse(responseCode = "401", ref = RestApi.UNAUTHENTICATED)
    @APIResponse(responseCode = "403", ref = RestApi.FORBIDDEN)
    @APIResponse(responseCode = "404", ref = RestApi.NOT_FOUND)
    @APIResponse(responseCode = "409", ref = RestApi.CONFLICT)
    @APIResponse(responseCode = "422", ref = RestApi.INVALID)
    @APIResponse(responseCode = "429", ref = RestApi.TOO_MANY)
    @APIResponse(responseCode = "503", ref = RestApi.UNAVAILABLE)
    @PUT
    @RunOnVirtualThread
    public DatabaseBody.Wrapped put(@PathParam("id") String id, byte @Nullable [] body) {
        return patch(id, body);
    }

    /** Switches a feature on. */
    @Operation(operationId = "enableFeature", summary = "Switch a feature on")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = FeatureBodies.Request.class),
                            example = Examples.ENABLE))
    @APIResponse(
            responseCode = "200",
            description = "Where the feature stands",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = FeatureBodies.Enabled.class),
                            example = Examples.ENABLED))
    @APIResponse(responseCode = "401", ref = RestApi.UNAUTHENTICATED)
    @APIResponse(responseCode = "403", ref = RestApi.FORBIDDEN)
    @APIResponse(responseCode = "404", ref = RestApi.NOT_FOUND)
    @APIResponse(responseCode = "409", ref = RestApi.CONFLICT)
    @APIResponse(responseCode = "422", ref = RestApi.INVALID)
    @APIResponse(responseCode = "429", ref = RestApi.TOO_MANY)
    @APIResponse(responseCode = "503", ref = RestApi.UNAVAILABLE)
    @POST
    @Path("features")
    @RunOnVirtualThread
    public FeatureBodies.Enabled enable(@PathParam("id") String id, byte @Nullable [] body) {
        Exchange exchange = Exchange.of(routing);
        Database database = found(exchange, id);
        JsonNode name = Bodies.read(body).path("feature").path("name");
        if (!name.isTextual()) {
            throw Refusal.invalid("feature", "must be an object with a name");
        }
        return features.enable(exchange.bearer(), database, name.asText());
    }

    /** Switches a feature off. */
    @Operation(operationId = "disableFeature", summary = "Switch a feature off")
    @APIResponse(
            responseCode = "200",
            description = "The feature is off or on its way",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = FeatureBodies.Disabled.class),
                            example = Examples.DISABLED))
    @APIResponse(responseCode = "401", ref = RestApi.UNAUTHENTICATED)
    @APIResponse(responseCode = "403", ref = RestApi.FORBIDDEN)
    @APIResponse(responseCode = "404", ref = RestApi.NOT_FOUND)
    @APIResponse(responseCode = "409", ref = RestApi.CONFLICT)
    @APIResponse(responseCode = "422", ref = RestApi.INVALID)
    @APIResponse(responseCode = "429", ref = RestApi.TOO_MANY)
    @APIResponse(responseCode = "503", ref = RestApi.UNAVAILABLE)
    @DELETE
    @Path("features")
    @RunOnVirtualThread
    public FeatureBodies.Disabled disable(@PathParam("id") String id, @QueryParam("feature") @Nullable String feature) {
        Exchange exchange = Exchange.of(routing);
        Database database = found(exchange, id);
        if (feature == null) {
            throw Refusal.invalid("feature", "must be given in the query");
        }
        return features.disable(exchange.bearer(), database, feature);
    }

    /** Runs an action. */
    @Operation(
            operationId = "runAction",
            summary = "Run an action and wait for its end",
            description = "An action that ran and failed is answered with 200 and ok 0.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ActionBodies.Request.class),
                            examples = {
                                @ExampleObject(name = "with parameters", value = Examples.ACTION),
                                @ExampleObject(name = "without parameters", value = Examples.ACTION_WITHOUT_PARAMS),
                                @ExampleObject(name = "with a text", value = Examples.ACTION_WITH_TEXT)
                            }))
    @APIResponse(
            responseCode = "200",
            description = "How it ended",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(oneOf = {ActionBodies.Done.class, ActionBodies.Failed.class}),
                            examples = {
                                @ExampleObject(name = "done", value = Examples.ACTION_DONE),
                                @ExampleObject(name = "failed", value = Examples.ACTION_FAILED)
                            }))
    @APIResponse(responseCode = "401", ref = RestApi.UNAUTHENTICATED)
    @APIResponse(responseCode = "403", ref = RestApi.FORBIDDEN)
    @APIResponse(responseCode = "404", ref = RestApi.NOT_FOUND)
    @APIResponse(
            responseCode = "422",
            description = "Not an action of this engine, or wrong parameters; nothing was done",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ErrorBody.class),
                            example = Examples.ACTION_INVALID))
    @APIResponse(responseCode = "429", ref = RestApi.TOO_MANY)
    @APIResponse(responseCode = "503", ref = RestApi.UNAVAILABLE)
    @POST
    @Path("action")
    @RunOnVirtualThread
    public Response act(@PathParam("id") String id, byte @Nullable [] body) {
        Exchange exchange = Exchange.of(routing);
        Database database = found(exchange, id);
        ActionBodies.Outcome outcome = actions.run(exchange, database, Bodies.read(body));
        Response.ResponseBuilder response = Response.ok(outcome);
        if (outcome instanceof ActionBodies.Done done && done.truncated() > 0) {
            response.header(TRUNCATED_HEADER, done.truncated());
        }
        return response.build();
    }

    private Database found(Exchange exchange, String id) {
        return Futures.await(databases.find(exchange, id));
    }
}

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
import org.jspecify.annotations.Nullable;

/**
 * The endpoints. Reading is answered from memory without leaving the event loop; what writes waits on a virtual thread.
 * Bodies are taken whatever their Content-Type says, since existing clients are not strict about it.
 */
@Path("/api/databases/{id}")
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
    @GET
    public CompletionStage<DatabaseBody.Wrapped> show(@PathParam("id") String id) {
        return databases.find(Exchange.of(routing), id).thenCompose(databases::show);
    }

    /** Changes settings. */
    @PATCH
    @RunOnVirtualThread
    public DatabaseBody.Wrapped patch(@PathParam("id") String id, byte @Nullable [] body) {
        Exchange exchange = Exchange.of(routing);
        Database database = found(exchange, id);
        Database updated = update.update(exchange.bearer(), database, DatabaseChange.of(Bodies.read(body)));
        return Futures.await(databases.show(updated));
    }

    /** Changes settings; what is not named stays, as with PATCH. */
    @PUT
    @RunOnVirtualThread
    public DatabaseBody.Wrapped put(@PathParam("id") String id, byte @Nullable [] body) {
        return patch(id, body);
    }

    /** Switches a feature on. */
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

package dev.cistern.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.api.ActionPhase;
import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseActionStatus;
import dev.cistern.engine.Action;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineRegistry;
import dev.cistern.engine.ParamsReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action: makes a DatabaseAction as the caller and waits for its end. The operator does the work, so the action
 * goes on when the caller hangs up or this replica stops.
 */
@ApplicationScoped
class ActionRun {
    static final String REQUESTED_BY = "cistern.dev/requested-by";
    static final String REQUEST_ID = "cistern.dev/request-id";

    private static final String RESOURCE = "databaseactions";
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final EngineRegistry engines;
    private final ParamsReader reader;
    private final Access access;
    private final ApiServer api;
    private final Mirrors mirrors;
    private final GatewayConfig config;

    ActionRun(
            EngineRegistry engines,
            ParamsReader reader,
            Access access,
            ApiServer api,
            Mirrors mirrors,
            GatewayConfig config) {
        this.engines = engines;
        this.reader = reader;
        this.access = access;
        this.api = api;
        this.mirrors = mirrors;
        this.config = config;
    }

    /**
     * Runs it and says how it ended.
     *
     * @throws Refusal when it is not an action of this engine, its parameters are wrong, or the caller may not
     */
    ActionBodies.Outcome run(Exchange exchange, Database database, JsonNode body) {
        String name = body.path("action_name").asText("");
        JsonNode params = checked(database, name, body.path("params"));
        // The answer shows the result, so the caller must be one who could read it from the object.
        if (!Futures.await(access.mayAll(exchange.bearer(), "get", RESOURCE, database))) {
            throw Refusal.forbidden("you may not get the actions of this database");
        }
        ApiServer.Answer answer = Futures.await(
                api.create(exchange.bearer(), Paths.actions(database), document(exchange, database, name, params)));
        if (!answer.ok()) {
            throw Conflicts.refuse(answer, "action");
        }
        return end(api.read(answer.body(), DatabaseAction.class));
    }

    private @Nullable JsonNode checked(Database database, String name, JsonNode params) {
        List<Action<?>> actions =
                engines.find(database.getSpec().engine()).map(Engine::actions).orElse(List.of());
        Action<?> action = actions.stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.invalidAction(Map.of("action_name", List.of(unknown(database, actions)))));
        JsonNode given = given(action, params);
        Map<String, List<String>> errors = reader.read(action, given).errors();
        if (!errors.isEmpty()) {
            throw Refusal.invalidAction(errors);
        }
        return given;
    }

    private static String unknown(Database database, List<Action<?>> actions) {
        String engine = database.getSpec().engine().id();
        return actions.isEmpty()
                ? engine + " has no actions"
                : "must be one of "
                        + String.join(
                                ", ",
                                actions.stream().map(Action::name).sorted().toList()) + " for " + engine;
    }

    /** Some clients always send params, as an empty string or an empty object when there are none. */
    private static @Nullable JsonNode given(Action<?> action, JsonNode params) {
        boolean none = params.isMissingNode()
                || params.isNull()
                || (action.params() == Action.NoParams.class
                        && params.isTextual()
                        && params.asText().isEmpty());
        return none ? null : params;
    }

    private ObjectNode document(Exchange exchange, Database database, String name, @Nullable JsonNode params) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", Paths.API_VERSION).put("kind", "DatabaseAction");
        String databaseName = database.getMetadata().getName();
        ObjectNode metadata = document.putObject("metadata")
                .put("generateName", databaseName + "-" + name + "-")
                .put("namespace", database.getMetadata().getNamespace());
        metadata.putObject("labels").put(Mirrors.GATEWAY_LABEL, mirrors.replica());
        metadata.putObject("annotations").put(REQUESTED_BY, exchange.user()).put(REQUEST_ID, exchange.requestId());
        ObjectNode spec = document.putObject("spec");
        spec.putObject("databaseRef").put("name", databaseName);
        spec.put("action", name)
                .put("deadlineSeconds", config.actionDeadline().toSeconds())
                .put("ttlSecondsAfterFinished", config.actionTtl().toSeconds());
        if (params != null) {
            spec.set("params", params);
        }
        return document;
    }

    private ActionBodies.Outcome end(DatabaseAction created) {
        CompletableFuture<DatabaseAction> ended = mirrors.actions().when(created, ActionRun::ended);
        long most = config.actionDeadline().plus(GRACE).toMillis();
        try {
            DatabaseAction action = ended.orTimeout(most, TimeUnit.MILLISECONDS).join();
            return outcome(Objects.requireNonNull(action.getStatus()));
        } catch (CompletionException e) {
            String name = created.getMetadata().getName();
            if (e.getCause() instanceof TimeoutException) {
                return ActionBodies.Failed.of("the action did not end within "
                        + config.actionDeadline().toSeconds() + " seconds; DatabaseAction " + name + " tells more");
            }
            return ActionBodies.Failed.of("the DatabaseAction " + name + " was deleted before its end");
        }
    }

    private static boolean ended(DatabaseAction action) {
        return Optional.ofNullable(action.getStatus())
                .map(DatabaseActionStatus::phase)
                .filter(p -> p == ActionPhase.Succeeded || p == ActionPhase.Failed)
                .isPresent();
    }

    private static ActionBodies.Outcome outcome(DatabaseActionStatus status) {
        if (status.phase() == ActionPhase.Succeeded) {
            return ActionBodies.Done.of(status.result(), status.truncated());
        }
        Map<String, List<String>> errors = status.errors();
        if (errors != null && !errors.isEmpty()) {
            throw Refusal.invalidAction(errors);
        }
        return ActionBodies.Failed.of(Objects.requireNonNullElse(status.error(), "the action failed"));
    }
}

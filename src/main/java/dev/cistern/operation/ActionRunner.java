package dev.cistern.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.cistern.engine.Action;
import dev.cistern.engine.ActionException;
import dev.cistern.engine.ActionResult;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.ParamsReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Checks and runs the quick actions of an engine. */
@ApplicationScoped
public class ActionRunner {
    /** Most bytes of JSON that a result may have, because it is stored in the object's status. */
    static final int MAX_BYTES = 512 * 1024;

    private static final Logger LOG = Logger.getLogger(ActionRunner.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ParamsReader params;

    public ActionRunner(ParamsReader params) {
        this.params = params;
    }

    /** Whether something can be run. */
    public sealed interface Check {
        /**
         * It can.
         *
         * @param call what to run
         */
        record Runnable(Call<?> call) implements Check {}

        /** The engine has no such action; the message lists those it has. */
        record Unknown(String message) implements Check {}

        /** The parameters are wrong: messages by field. */
        record BadParams(String message, Map<String, List<String>> errors) implements Check {}
    }

    /**
     * An action with its parameters.
     *
     * @param action the action
     * @param params its parameters, valid
     */
    public record Call<P>(Action<P> action, P params) {
        ActionResult run(EngineContext context) throws Exception {
            return action.run(params, context);
        }
    }

    /** How it ended. */
    public sealed interface End {
        /** It did. */
        record Done(@Nullable JsonNode result, int truncated) implements End {}

        /** It did not. */
        record Failed(String error) implements End {}

        /** It took too long; whether it had an effect is not known. */
        record TimedOut() implements End {}

        /** The operator stops; whether it had an effect is not known. */
        record Interrupted() implements End {}
    }

    /** Whether this action can be run on this engine with these parameters. */
    public Check check(Engine engine, String name, @Nullable JsonNode given) {
        Optional<Action<?>> action =
                engine.actions().stream().filter(a -> a.name().equals(name)).findFirst();
        if (action.isEmpty()) {
            String known = engine.actions().stream().map(Action::name).sorted().collect(Collectors.joining(", "));
            return new Check.Unknown("%s has no action %s; it has %s"
                    .formatted(engine.type().id(), name, known.isEmpty() ? "none" : known));
        }
        return checked(action.get(), given);
    }

    private <P> Check checked(Action<P> action, @Nullable JsonNode given) {
        ParamsReader.Read<P> read = params.read(action, given);
        if (read.value() == null) {
            String message = read.errors().entrySet().stream()
                    .map(e -> e.getKey() + " " + String.join(", ", e.getValue()))
                    .collect(Collectors.joining("; "));
            return new Check.BadParams(message, read.errors());
        }
        return new Check.Runnable(new Call<>(action, read.value()));
    }

    /** Runs it, for at most this long. */
    public End run(Call<?> call, EngineContext context, Duration atMost) {
        FutureTask<ActionResult> task = new FutureTask<>(() -> call.run(context));
        Thread thread =
                Thread.ofVirtual().name("action-" + call.action().name()).start(task);
        try {
            ActionResult result = task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return cut(JSON.valueToTree(result.value()), result.truncated());
        } catch (TimeoutException e) {
            thread.interrupt();
            return new End.TimedOut();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return new End.Interrupted();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ActionException refusal) {
                return new End.Failed(String.valueOf(refusal.getMessage()));
            }
            LOG.warnf(e.getCause(), "action %s on %s", call.action().name(), context);
            return new End.Failed("the database did not answer as expected: try again");
        }
    }

    private static End cut(JsonNode result, int truncated) {
        int left = truncated;
        if (result instanceof ArrayNode rows) {
            while (!rows.isEmpty() && bytes(rows) > MAX_BYTES) {
                int keep = rows.size() / 2;
                left += rows.size() - keep;
                while (rows.size() > keep) {
                    rows.remove(rows.size() - 1);
                }
            }
        }
        return bytes(result) > MAX_BYTES
                ? new End.Failed("it was done, but the answer is longer than %d KiB, which is too long to be kept"
                        .formatted(MAX_BYTES >> 10))
                : new End.Done(result.isNull() ? null : result, left);
    }

    private static int bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}

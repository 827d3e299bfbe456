package dev.cistern.gateway;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the action endpoint takes and answers. */
public final class ActionBodies {
    private ActionBodies() {}

    /**
     * Asks for an action.
     *
     * @param actionName which
     * @param params its parameters: an object, a string, null or nothing
     */
    @Schema(name = "ActionRequest")
    public record Request(
            @JsonProperty("action_name") String actionName,

            @Schema(implementation = Object.class, nullable = true) @Nullable
            JsonNode params) {}

    /** How an action ended. */
    public sealed interface Outcome {}

    /**
     * It was done.
     *
     * @param ok 1
     * @param result what it answered; null when it has nothing to say
     * @param truncated rows left out, shown in a header
     */
    @Schema(name = "ActionDone")
    public record Done(
            int ok,

            @Schema(implementation = Object.class, nullable = true) @JsonInclude(JsonInclude.Include.ALWAYS)
            JsonNode result,

            @JsonIgnore int truncated)
            implements Outcome {
        static Done of(@Nullable JsonNode result, @Nullable Integer truncated) {
            return new Done(1, result == null ? NullNode.instance : result, truncated == null ? 0 : truncated);
        }
    }

    /**
     * It ran and failed.
     *
     * @param ok 0
     * @param error why
     */
    @Schema(name = "ActionFailed")
    public record Failed(int ok, String error) implements Outcome {
        static Failed of(String error) {
            return new Failed(0, error);
        }
    }
}

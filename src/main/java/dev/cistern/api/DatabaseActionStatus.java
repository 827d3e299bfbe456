package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link DatabaseAction} stands.
 *
 * @param phase the state
 * @param result what the action answered, any JSON
 * @param truncated how many rows were left out of the result because it was too long
 * @param error why it failed
 * @param errors for bad parameters: what is wrong with each
 * @param startTime when it began, RFC 3339
 * @param completionTime when it ended, RFC 3339
 * @param progress how far a long action has come
 * @param conditions Complete
 * @param observedGeneration the spec that this is about
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseActionStatus(
        @JsonPropertyDescription("Pending, Running, Succeeded or Failed.") @Nullable
        ActionPhase phase,

        @JsonPropertyDescription("What the action answered, any JSON.") @Nullable
        JsonNode result,

        @JsonPropertyDescription("How many rows were left out of the result because there were too many.") @Nullable
        Integer truncated,

        @JsonPropertyDescription("Why it failed.") @Nullable String error,

        @JsonPropertyDescription("For bad parameters: what is wrong with each.") @Nullable
        Map<String, List<String>> errors,

        @JsonPropertyDescription("When it began, RFC 3339.") @Nullable
        String startTime,

        @JsonPropertyDescription("When it ended, RFC 3339.") @Nullable
        String completionTime,

        @JsonPropertyDescription("How far a long action has come.") @Nullable
        String progress,

        @JsonPropertyDescription("Complete: True at the end, with the reason.") @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Generation of the spec that this status is about.") @Nullable
        Long observedGeneration) {}

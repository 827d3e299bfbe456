package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link DatabaseFeature} stands.
 *
 * @param status the state
 * @param message what was seen, or what to do
 * @param since when this state began, RFC 3339
 * @param conditions Ready
 * @param observedGeneration the spec that this is about
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseFeatureStatus(
        @JsonPropertyDescription(
                "PENDING_TO_ACTIVATE, PENDING_TO_REMOVE, ACTIVATED (its effect was seen on every instance) or FAILED.")
        @Nullable
        FeatureStatus status,

        @JsonPropertyDescription("What was seen on which instance, or what to do.") @Nullable
        String message,

        @JsonPropertyDescription("When this state began, RFC 3339.") @Nullable
        String since,

        @JsonPropertyDescription("Ready: True when what the spec asks for has been seen in effect.") @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Generation of the spec that this status is about.") @Nullable
        Long observedGeneration) {}

package dev.cistern.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.api.ActionPhase;
import dev.cistern.api.DatabaseActionStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The next status of an action, from its last one. */
final class ActionStatusBuilder {
    private final ActionPhase phase;
    private final List<Condition> conditions;
    private final @Nullable Long generation;
    private @Nullable String startTime;
    private @Nullable String completionTime;
    private @Nullable JsonNode result;
    private @Nullable Integer truncated;
    private @Nullable String error;
    private @Nullable Map<String, List<String>> errors;

    ActionStatusBuilder(
            @Nullable DatabaseActionStatus before,
            ActionPhase phase,
            List<Condition> conditions,
            @Nullable Long generation) {
        this.phase = phase;
        this.conditions = conditions;
        this.generation = generation;
        this.startTime = before == null ? null : before.startTime();
    }

    ActionStatusBuilder started(Instant at) {
        startTime = at.truncatedTo(ChronoUnit.MILLIS).toString();
        return this;
    }

    ActionStatusBuilder ended(Instant at) {
        completionTime = at.truncatedTo(ChronoUnit.MILLIS).toString();
        return this;
    }

    ActionStatusBuilder result(@Nullable JsonNode answer, int leftOut) {
        result = answer;
        truncated = leftOut == 0 ? null : leftOut;
        return this;
    }

    ActionStatusBuilder error(String message, @Nullable Map<String, List<String>> byField) {
        error = message;
        errors = byField;
        return this;
    }

    DatabaseActionStatus build() {
        return new DatabaseActionStatus(
                phase, result, truncated, error, errors, startTime, completionTime, null, conditions, generation);
    }
}

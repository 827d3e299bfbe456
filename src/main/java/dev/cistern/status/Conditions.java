package dev.cistern.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the conditions of one object. A condition's transition time moves only when its status does, as the Kubernetes
 * API conventions ask.
 */
public final class Conditions {
    /** What the object is for holds now. */
    public static final String READY = "Ready";
    /** Something is on its way. */
    public static final String PROGRESSING = "Progressing";
    /** Something is wrong that will not mend by waiting. */
    public static final String DEGRADED = "Degraded";
    /** It has ended. */
    public static final String COMPLETE = "Complete";

    private final List<Condition> before;
    private final @Nullable Long generation;
    private final Clock clock;
    private final List<Condition> now = new ArrayList<>();

    /**
     * @param before the conditions as they stand
     * @param generation the generation that the new ones are about
     */
    public Conditions(@Nullable List<Condition> before, @Nullable Long generation, Clock clock) {
        this.before = before == null ? List.of() : before;
        this.generation = generation;
        this.clock = clock;
    }

    /** Adds a condition. */
    public Conditions set(String type, boolean status, Reason reason, String message) {
        return set(type, status, reason.name(), message);
    }

    /** Adds a condition whose reason an engine has named. */
    public Conditions set(String type, boolean status, String reason, String message) {
        String word = status ? "True" : "False";
        String since = find(before, type)
                .filter(c -> word.equals(c.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        now.add(new ConditionBuilder()
                .withType(type)
                .withStatus(word)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .withObservedGeneration(generation)
                .build());
        return this;
    }

    /** All that were added. */
    public List<Condition> build() {
        return List.copyOf(now);
    }

    /** The condition of this type, if there is one. */
    public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
    }

    /** Whether the condition of this type is True. */
    public static boolean isTrue(@Nullable List<Condition> conditions, String type) {
        return find(conditions, type).filter(c -> "True".equals(c.getStatus())).isPresent();
    }
}

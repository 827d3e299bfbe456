package dev.cistern.controller;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.engine.Sighting;
import dev.cistern.feature.FeaturePlan;
import dev.cistern.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a feature stands, from what is wanted and what was seen. Pure.
 *
 * @param status the state; null when the feature is off because its object says so
 * @param reason for the condition
 * @param message what was seen, or what to do
 * @param settled whether what the object asks for has been seen in effect
 */
record FeatureVerdict(@Nullable FeatureStatus status, Reason reason, String message, boolean settled) {
    /** How long an effect may take to be seen before the feature is FAILED. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    static FeatureVerdict failed(Reason reason, String message) {
        return new FeatureVerdict(FeatureStatus.FAILED, reason, message, false);
    }

    static FeatureVerdict waiting(boolean on, String message) {
        return new FeatureVerdict(
                on ? FeatureStatus.PENDING_TO_ACTIVATE : FeatureStatus.PENDING_TO_REMOVE,
                Reason.Pending,
                message,
                false);
    }

    /** Nothing runs, so nothing can be seen. */
    static FeatureVerdict suspended(DatabaseFeature object, FeaturePlan plan) {
        Feature feature = object.getSpec().feature();
        String refusal = plan.refused().get(feature);
        FeatureVerdict waiting =
                waiting(plan.on().contains(feature), "the database is suspended: it takes effect when it starts");
        return refusal == null
                ? waiting
                : new FeatureVerdict(
                        plan.on().contains(feature) ? waiting.status() : FeatureStatus.FAILED,
                        Reason.Refused,
                        refusal,
                        false);
    }

    /**
     * @param plan which features are in force
     * @param seen what the probe saw
     * @param unprovenSince since when the probe has not seen what is wanted
     */
    static FeatureVerdict of(
            DatabaseFeature object, FeaturePlan plan, Sighting seen, Instant unprovenSince, Instant now) {
        Feature feature = object.getSpec().feature();
        String refusal = plan.refused().get(feature);
        boolean on = plan.on().contains(feature);
        if (refusal != null && !on) {
            return failed(Reason.Refused, refusal);
        }
        boolean proven = seen.state() == (on ? Sighting.State.ON : Sighting.State.OFF);
        if (proven) {
            return proven(on, refusal, seen);
        }
        boolean wasOn = status(object).filter(FeatureStatus.ACTIVATED::equals).isPresent();
        boolean patient = unprovenSince.plus(PATIENCE).isAfter(now);
        if (on && wasOn && patient && seen.state() == Sighting.State.UNCLEAR) {
            // An instance that restarts cannot be probed for a moment; that is no proof of the opposite.
            return new FeatureVerdict(FeatureStatus.ACTIVATED, Reason.Activated, "seen on every instance", true);
        }
        if (patient && !(on && wasOn)) {
            return waiting(on, on ? "waiting to see it on every instance" : "waiting to see it gone");
        }
        // The opposite was seen, or nothing for too long.
        return failed(seen.state() == Sighting.State.UNCLEAR ? Reason.Unproven : Reason.ProbeFailed, seen.message());
    }

    private static FeatureVerdict proven(boolean on, @Nullable String refusal, Sighting seen) {
        if (refusal != null) {
            return new FeatureVerdict(FeatureStatus.ACTIVATED, Reason.Refused, refusal, false);
        }
        return on
                ? new FeatureVerdict(FeatureStatus.ACTIVATED, Reason.Activated, seen.message(), true)
                : new FeatureVerdict(null, Reason.AsExpected, "off: " + seen.message(), true);
    }

    private static Optional<FeatureStatus> status(DatabaseFeature object) {
        return Optional.ofNullable(object.getStatus()).map(DatabaseFeatureStatus::status);
    }
}

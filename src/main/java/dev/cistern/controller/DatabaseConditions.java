package dev.cistern.controller;

import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.Observation;
import dev.cistern.engine.Problem;
import dev.cistern.status.Conditions;
import dev.cistern.status.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;

/** Ready, Progressing and Degraded of a database whose phases all ran. */
final class DatabaseConditions {
    private DatabaseConditions() {}

    /** @param conditions takes them; holds none yet */
    static List<Condition> of(Conditions conditions, Resolved resolved, Outcome outcome, Optional<String> trouble) {
        ready(conditions, outcome);
        progressing(conditions, outcome);
        degraded(conditions, resolved, outcome, trouble);
        return conditions.build();
    }

    private static void degraded(Conditions conditions, Resolved resolved, Outcome outcome, Optional<String> trouble) {
        if (resolved.problem().isPresent()) {
            Problem problem = resolved.problem().get();
            conditions.set(Conditions.DEGRADED, true, problem.reason(), problem.message());
        } else if (outcome.configuration() instanceof Configuration.Rejected(String message)) {
            conditions.set(Conditions.DEGRADED, true, Reason.ConfigurationRejected, message);
        } else if (outcome.growth() instanceof ClaimUpkeep.Growth.Impossible(String message)) {
            conditions.set(Conditions.DEGRADED, true, Reason.StorageCannotGrow, message);
        } else if (outcome.growth() instanceof ClaimUpkeep.Growth.Shrinking(String message)) {
            conditions.set(Conditions.DEGRADED, true, Reason.StorageCannotShrink, message);
        } else if (outcome.observation() instanceof Observation.Impaired(String message) && outcome.settled()) {
            conditions.set(Conditions.DEGRADED, true, Reason.InstanceFailing, message);
        } else if (trouble.isPresent() && !outcome.serving()) {
            conditions.set(Conditions.DEGRADED, true, Reason.InstanceFailing, trouble.get());
        } else {
            conditions.set(Conditions.DEGRADED, false, Reason.AsExpected, "all is as the specification says");
        }
    }

    private static void ready(Conditions conditions, Outcome outcome) {
        switch (outcome.observation()) {
            case Observation.Serving s ->
                conditions.set(
                        Conditions.READY,
                        true,
                        Reason.Serving,
                        "the engine answered a query of its clients' login over TLS");
            case Observation.Impaired i ->
                conditions.set(
                        Conditions.READY,
                        true,
                        Reason.Serving,
                        "the primary answered a query of its clients' login over TLS");
            case Observation.Absent a ->
                conditions.set(
                        Conditions.READY,
                        false,
                        Reason.Suspended,
                        "suspended: set spec.suspended to false to start it");
            // One text for the whole start: each other one would be a write.
            case Observation.Starting s ->
                conditions.set(Conditions.READY, false, Reason.Starting, "waiting for the instances to serve");
            case Observation.Degraded d -> conditions.set(Conditions.READY, false, Reason.NotServing, d.message());
        }
    }

    private static void progressing(Conditions conditions, Outcome outcome) {
        if (outcome.replacement().isPresent()) {
            conditions.set(
                    Conditions.PROGRESSING,
                    true,
                    Reason.ReplacingInstances,
                    outcome.replacement().get());
        } else if (outcome.growth() instanceof ClaimUpkeep.Growth.Growing(String message)) {
            conditions.set(Conditions.PROGRESSING, true, Reason.GrowingStorage, message);
        } else if (outcome.configuration() instanceof Configuration.Changing
                || outcome.observation() instanceof Observation.Starting) {
            conditions.set(
                    Conditions.PROGRESSING, true, Reason.Applying, "bringing the instances to the specification");
        } else {
            conditions.set(Conditions.PROGRESSING, false, Reason.Settled, "nothing is on its way");
        }
    }
}

package dev.cistern.controller;

import dev.cistern.catalogue.Plan;
import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Observation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Phases act and observe: everything that reaches beyond the API server's objects. */
final class DatabaseActing {
    private static final Logger LOG = Logger.getLogger(DatabaseActing.class);
    private static final Duration SOON = Duration.ofMillis(300);

    private DatabaseActing() {}

    static Outcome act(Resolved resolved, Observed observed, Context<?> context) {
        EngineContext engine = resolved.context();
        ClaimUpkeep.Growth growth = ClaimUpkeep.step(engine, observed, context);
        if (engine.replicas() == 0) {
            return new Outcome(Optional.empty(), growth, stopped(observed), new Observation.Absent());
        }
        // Else a pod of the old size could be taken for one of the new size, and get settings that it has no memory
        // for.
        if (!InstanceReplacement.known(observed)) {
            return new Outcome(
                    Optional.empty(),
                    growth,
                    new Configuration.Changing("waiting for the StatefulSet's controller", SOON),
                    observe(resolved));
        }
        // Settings for more memory must not reach a pod that does not have it yet; those for less must come first.
        boolean shrinks = shrinks(observed, engine.plan());
        Optional<String> replacement =
                shrinks ? Optional.empty() : InstanceReplacement.step(resolved, observed, context);
        Configuration configuration =
                replacement.isPresent() ? new Configuration.Changing(replacement.get(), SOON) : configure(resolved);
        if (shrinks && configuration instanceof Configuration.InForce) {
            replacement = InstanceReplacement.step(resolved, observed, context);
        }
        Observation observation = observe(resolved);
        if (observation instanceof Observation.Serving && replacement.isEmpty()) {
            ClaimUpkeep.noteVersion(engine, observed, context);
        }
        return new Outcome(replacement, growth, configuration, observation);
    }

    private static Configuration stopped(Observed observed) {
        return observed.pods().isEmpty()
                ? new Configuration.InForce()
                : new Configuration.Changing("waiting for the instances to stop", SOON);
    }

    private static Configuration configure(Resolved resolved) {
        if (resolved.context().instances().stream().noneMatch(i -> i.address().isPresent())) {
            return new Configuration.Changing("waiting for instances to get an address", SOON);
        }
        try {
            return resolved.engine().configure(resolved.context());
        } catch (RuntimeException e) {
            LOG.debugf(e, "configuring %s", resolved.context());
            return new Configuration.Changing("waiting for the engine to take its configuration", SOON);
        }
    }

    private static Observation observe(Resolved resolved) {
        List<Instance> instances = resolved.context().instances();
        if (instances.isEmpty()) {
            return new Observation.Starting("waiting for instances to be created");
        }
        try {
            return resolved.engine().observe(resolved.context());
        } catch (RuntimeException e) {
            LOG.debugf(e, "observing %s", resolved.context());
            return new Observation.Degraded("the engine does not answer");
        }
    }

    private static boolean shrinks(Observed observed, Plan plan) {
        return InstanceReplacement.outdated(observed).stream().anyMatch(p -> memoryMiB(p) > plan.memoryMiB());
    }

    private static long memoryMiB(Pod pod) {
        Quantity limit = pod.getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits()
                .get("memory");
        return limit == null ? 0 : Quantity.getAmountInBytes(limit).longValue() >> 20;
    }
}

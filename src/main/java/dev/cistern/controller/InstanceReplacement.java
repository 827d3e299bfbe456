package dev.cistern.controller;

import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.engine.Instance;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Replaces instances whose pod is not as the StatefulSet says: one at a time, replicas first, the primary last and only
 * after the engine has handed over.
 */
final class InstanceReplacement {
    private static final Logger LOG = Logger.getLogger(InstanceReplacement.class);
    private static final int CONFLICT = 409;
    private static final String REVISION = "controller-revision-hash";

    private InstanceReplacement() {}

    /**
     * Whether it can be told which pods are as the StatefulSet says: not before its controller has seen the last change.
     */
    static boolean known(Observed observed) {
        return observed.statefulSet().flatMap(InstanceReplacement::revision).isPresent();
    }

    /** The pods that are not as the StatefulSet says. */
    static List<Pod> outdated(Observed observed) {
        Optional<String> revision = observed.statefulSet().flatMap(InstanceReplacement::revision);
        return revision.isEmpty()
                ? List.of()
                : observed.pods().stream()
                        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                        .filter(p -> !revision.get().equals(labels(p).get(REVISION)))
                        .toList();
    }

    /**
     * Replaces the next one, if it may be.
     *
     * @return what is being waited for; empty when all are as they ought to be
     */
    static Optional<String> step(Resolved resolved, Observed observed, Context<?> context) {
        List<Pod> outdated = outdated(observed);
        if (outdated.isEmpty()) {
            return Optional.empty();
        }
        // A pod that cannot start is replaced at once: waiting for it to be ready would wait for ever.
        boolean othersReady =
                observed.pods().stream().filter(p -> !outdated.contains(p)).allMatch(Observed::ready);
        if (!othersReady) {
            return Optional.of("%d instance(s) still to be replaced".formatted(outdated.size()));
        }
        Map<String, Instance> instances = resolved.context().instances().stream()
                .collect(java.util.stream.Collectors.toMap(Instance::name, i -> i));
        Pod next = outdated.stream()
                .min(Comparator.comparing((Pod p) -> primary(instances, p)))
                .orElseThrow();
        String name = next.getMetadata().getName();
        Instance instance = instances.get(name);
        boolean mayGo =
                instance == null || !instance.primary() || resolved.engine().handOver(resolved.context(), instance);
        if (mayGo) {
            LOG.infof("replacing instance %s/%s", next.getMetadata().getNamespace(), name);
            delete(next, context);
        }
        return Optional.of("replacing instance " + name);
    }

    // Only the very pod that was judged: when it has changed or gone meanwhile, the next look judges anew.
    private static void delete(Pod pod, Context<?> context) {
        try {
            context.getClient()
                    .resource(pod)
                    .lockResourceVersion(pod.getMetadata().getResourceVersion())
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }

    private static boolean primary(Map<String, Instance> instances, Pod pod) {
        Instance instance = instances.get(pod.getMetadata().getName());
        return instance != null && instance.primary();
    }

    // Until the StatefulSet's controller has seen the last change, its revision is the one before.
    private static Optional<String> revision(StatefulSet set) {
        return Optional.ofNullable(set.getStatus())
                .filter(s -> set.getMetadata().getGeneration().equals(s.getObservedGeneration()))
                .map(s -> s.getUpdateRevision());
    }

    private static Map<String, String> labels(Pod pod) {
        return pod.getMetadata().getLabels() == null
                ? Map.of()
                : pod.getMetadata().getLabels();
    }
}

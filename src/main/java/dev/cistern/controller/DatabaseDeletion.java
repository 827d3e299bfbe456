package dev.cistern.controller;

import dev.cistern.api.DeletionPolicy;
import dev.cistern.kube.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The end of a database: first its pods, in peace, then, by its deletion policy, its volumes; credentials that stay lose
 * their owner, so that garbage collection does not take them.
 */
final class DatabaseDeletion {
    private DatabaseDeletion() {}

    /** @return what is being waited for; empty when the Database may go */
    static Optional<String> step(Observed observed, Context<?> context) {
        observed.statefulSet().ifPresent(s -> delete(context, s));
        List<Pod> pods = observed.pods();
        if (!pods.isEmpty() || observed.statefulSet().isPresent()) {
            return Optional.of("waiting for %s to stop"
                    .formatted(
                            pods.isEmpty()
                                    ? "the StatefulSet"
                                    : "instance "
                                            + pods.getFirst().getMetadata().getName()));
        }
        if (observed.database().getSpec().deletionPolicy() == DeletionPolicy.Delete) {
            observed.claims().forEach(c -> delete(context, c));
            return observed.claims().stream()
                    .findFirst()
                    .map(PersistentVolumeClaim::getMetadata)
                    .map(m -> "waiting for volume claim %s to be removed".formatted(m.getName()));
        }
        release(observed, context);
        return Optional.empty();
    }

    private static void release(Observed observed, Context<?> context) {
        String name = observed.database().getMetadata().getName();
        Set<String> kept = Set.of(Names.binding(name), Names.internal(name));
        for (Secret secret : observed.secrets()) {
            if (kept.contains(secret.getMetadata().getName())
                    && !secret.getMetadata().getOwnerReferences().isEmpty()) {
                context.resourceOperations()
                        .update(new SecretBuilder(secret)
                                .editMetadata()
                                .withOwnerReferences(List.of())
                                .endMetadata()
                                .build());
            }
        }
    }

    private static void delete(Context<?> context, HasMetadata object) {
        if (object.getMetadata().getDeletionTimestamp() == null) {
            context.getClient()
                    .resource(object)
                    .lockResourceVersion(object.getMetadata().getResourceVersion())
                    .delete();
        }
    }
}

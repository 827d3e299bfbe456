package dev.cistern.controller;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Workload;
import dev.cistern.kube.Labels;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Grows volume claims and keeps the version of their data on them. */
final class ClaimUpkeep {
    private static final int FORBIDDEN = 403;
    private static final int INVALID = 422;

    private ClaimUpkeep() {}

    /** How the volumes stand. */
    sealed interface Growth {
        /** They have the size they ought to have. */
        record Done() implements Growth {}

        /** They are on their way. */
        record Growing(String message) implements Growth {}

        /** They are larger than is asked for, and cannot shrink. */
        record Shrinking(String message) implements Growth {}

        /** The StorageClass does not let them. */
        record Impossible(String message) implements Growth {}
    }

    /** Asks for what is missing; writes nothing when nothing is. */
    static Growth step(EngineContext context, Observed observed, Context<?> client) {
        Growth growth = new Growth.Done();
        for (PersistentVolumeClaim claim : observed.claims()) {
            if (claim.getMetadata().getDeletionTimestamp() != null) {
                continue;
            }
            Growth one = grow(claim, context, client);
            growth = worse(growth, one);
        }
        return growth;
    }

    /** Notes on the claims which version their data was last served by. */
    static void noteVersion(EngineContext context, Observed observed, Context<?> client) {
        String version = context.release().version().readable();
        for (PersistentVolumeClaim claim : observed.claims()) {
            if (Labels.get(claim, Labels.VERSION).filter(version::equals).isEmpty()) {
                patch(client, claim, Map.of("metadata", Map.of("labels", Map.of(Labels.VERSION, version))));
            }
        }
    }

    private static Growth grow(PersistentVolumeClaim claim, EngineContext context, Context<?> client) {
        Quantity wanted = Workload.storage(context);
        Quantity asked = Objects.requireNonNull(
                claim.getSpec().getResources().getRequests().get("storage"), "a claim asks for storage");
        Quantity has = Optional.ofNullable(claim.getStatus())
                .flatMap(s -> Optional.ofNullable(s.getCapacity()))
                .map(c -> c.get("storage"))
                .orElse(asked);
        String name = claim.getMetadata().getName();
        if (bytes(wanted) < bytes(has) && explicit(context)) {
            return new Growth.Shrinking(
                    "volume %s stays at %s: volumes do not shrink; set storage.size to that, or restore a backup into a new Database"
                            .formatted(name, has));
        }
        if (bytes(wanted) <= bytes(has)) {
            return new Growth.Done();
        }
        if (claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
            return new Growth.Growing("volume %s is not there yet".formatted(name));
        }
        if (bytes(wanted) <= bytes(asked)) {
            return new Growth.Growing("volume %s grows from %s to %s".formatted(name, has, asked));
        }
        try {
            patch(
                    client,
                    claim,
                    Map.of("spec", Map.of("resources", Map.of("requests", Map.of("storage", wanted.toString())))));
            return new Growth.Growing("volume %s grows from %s to %s".formatted(name, has, wanted));
        } catch (KubernetesClientException e) {
            if (e.getCode() == FORBIDDEN || e.getCode() == INVALID) {
                return new Growth.Impossible(
                        "volume %s stays at %s: its StorageClass %s does not allow expansion; restore a backup into a Database of a class that does, or set storage.size back"
                                .formatted(name, has, claim.getSpec().getStorageClassName()));
            }
            throw e;
        }
    }

    // A smaller plan alone asks for nothing: its disk is the least that it gives.
    private static boolean explicit(EngineContext context) {
        return context.spec().storage() != null && context.spec().storage().size() != null;
    }

    // Only the one field: the rest of a claim belongs to the StatefulSet's controller, and most of it is immutable.
    private static void patch(Context<?> context, PersistentVolumeClaim claim, Map<String, Object> change) {
        context.getClient()
                .persistentVolumeClaims()
                .inNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        context.getClient().getKubernetesSerialization().asJson(change));
    }

    private static long bytes(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity).longValue();
    }

    private static Growth worse(Growth a, Growth b) {
        return switch (b) {
            case Growth.Impossible i -> i;
            case Growth.Shrinking s -> a instanceof Growth.Impossible ? a : s;
            case Growth.Growing g -> a instanceof Growth.Done ? g : a;
            case Growth.Done d -> a;
        };
    }
}

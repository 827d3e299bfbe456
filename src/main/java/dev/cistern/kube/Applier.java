package dev.cistern.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes the objects of one primary: only those that differ, by server-side apply, and never over an object that
 * somebody else made.
 */
public final class Applier {
    /** Field manager of everything that the operator writes. */
    public static final String MANAGER = "cistern";

    private static final int CONFLICT = 409;

    private final HasMetadata owner;
    private final Context<?> context;

    public Applier(HasMetadata owner, Context<?> context) {
        this.owner = owner;
        this.context = context;
    }

    /** An object of this name exists that is not ours. */
    public static final class NameTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NameTakenException(HasMetadata object, String details) {
            super("%s %s exists already and is not this database's: remove it, or use another name (%s)"
                    .formatted(object.getKind(), object.getMetadata().getName(), details));
        }
    }

    /** What stands in the way goes by itself, or has just been seen to: to be tried again. */
    public static final class NotYetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYetException(HasMetadata object, String details) {
            super("%s %s %s".formatted(object.getKind(), object.getMetadata().getName(), details));
        }
    }

    /** Applies every object that differs from what the cluster has. */
    public void apply(List<? extends HasMetadata> desired) {
        desired.forEach(this::applyOne);
    }

    /** Applies one object if it differs, and returns what the cluster has then. */
    @SuppressWarnings("unchecked")
    public <R extends HasMetadata> R applyOne(R desired) {
        desired.getMetadata().setOwnerReferences(List.of(reference()));
        Optional<R> actual = find(desired);
        if (actual.filter(this::belongsToPredecessor).isPresent()) {
            throw new NotYetException(desired, "is the former Database's and about to be garbage-collected");
        }
        if (actual.filter(this::belongsToAnother).isPresent()) {
            throw new NameTakenException(desired, "it belongs to another owner");
        }
        if (desired instanceof Secret secret) {
            return (R) applySecret(secret, actual.map(Secret.class::cast));
        }
        if (actual.isEmpty()) {
            return create(desired);
        }
        keepImmutable(actual.get(), desired);
        if (SSABasedGenericKubernetesResourceMatcher.<R>getInstance().matches(actual.get(), desired, context)) {
            return actual.get();
        }
        return context.resourceOperations().serverSideApply(desired);
    }

    /** Removes objects of a type that are the primary's but no longer wanted. */
    public <R extends HasMetadata> void prune(Class<R> type, String name) {
        context.getSecondaryResourcesAsStream(type)
                .filter(r -> r.getMetadata().getName().equals(name))
                .filter(r -> r.getMetadata().getDeletionTimestamp() == null && ours(r))
                .forEach(r -> context.getClient()
                        .resource(r)
                        .lockResourceVersion(r.getMetadata().getResourceVersion())
                        .delete());
    }

    @SuppressWarnings("unchecked")
    private <R extends HasMetadata> Optional<R> find(R desired) {
        return context.getSecondaryResourcesAsStream((Class<R>) desired.getClass())
                .filter(r ->
                        r.getMetadata().getName().equals(desired.getMetadata().getName()))
                .findFirst();
    }

    // Created, never applied, when the cache has none: a stale cache must not replace a password by a new one.
    private Secret applySecret(Secret desired, Optional<Secret> actual) {
        try {
            if (actual.isEmpty()) {
                Secret created = context.getClient().resource(desired).create();
                remember(created);
                return created;
            }
            if (same(actual.get(), desired)) {
                return actual.get();
            }
            desired.getMetadata().setResourceVersion(actual.get().getMetadata().getResourceVersion());
            return context.resourceOperations().update(desired);
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT && actual.isEmpty()) {
                relabel(desired);
                throw new NameTakenException(desired, "it is not labelled as Cistern's, or has only just appeared");
            }
            throw e;
        }
    }

    // Without its labels it is not in the cache. What it holds must not be replaced by what was made up in its absence.
    private void relabel(Secret desired) {
        Secret existing = context.getClient().resource(desired).get();
        if (existing == null || !ours(existing)) {
            return;
        }
        context.getClient()
                .resource(new SecretBuilder(existing)
                        .editMetadata()
                        .addToLabels(desired.getMetadata().getLabels())
                        .endMetadata()
                        .build())
                .update();
        throw new NotYetException(desired, "had lost its labels");
    }

    private static boolean same(Secret actual, Secret desired) {
        return Objects.equals(actual.getData(), desired.getData())
                && Objects.equals(actual.getType(), desired.getType())
                && actual.getMetadata()
                        .getOwnerReferences()
                        .equals(desired.getMetadata().getOwnerReferences())
                && actual.getMetadata().getLabels() != null
                && actual.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(desired.getMetadata().getLabels().entrySet());
    }

    // Without force: a field that somebody else manages says that the object is not ours.
    private <R extends HasMetadata> R create(R desired) {
        try {
            return create(desired, false);
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            R existing = context.getClient().resource(desired).get();
            if (existing != null && ours(existing)) {
                // Somebody has changed its labels, so that it is not in the cache.
                return create(desired, true);
            }
            throw new NameTakenException(desired, "its fields are managed by others");
        }
    }

    private <R extends HasMetadata> R create(R desired, boolean force) {
        R created = context.getClient()
                .resource(desired)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(MANAGER)
                        .withForce(force)
                        .build());
        remember(created);
        return created;
    }

    // So that the next reconcile sees it even when the watch has not brought it yet.
    @SuppressWarnings("unchecked")
    private <R extends HasMetadata> void remember(R created) {
        if (context.eventSourceRetriever().getEventSourceFor((Class<R>) created.getClass())
                instanceof InformerEventSource<?, ?> source) {
            ((InformerEventSource<R, ?>) source).handleRecentResourceCreate(ResourceID.fromResource(created), created);
        }
    }

    private boolean ours(HasMetadata actual) {
        return controllers(actual)
                .anyMatch(o -> o.getUid().equals(owner.getMetadata().getUid()));
    }

    private boolean belongsToAnother(HasMetadata actual) {
        return controllers(actual)
                .anyMatch(o -> !o.getUid().equals(owner.getMetadata().getUid()));
    }

    // Names are unique, so an owner of our kind and name that is not us is no more.
    private boolean belongsToPredecessor(HasMetadata actual) {
        return belongsToAnother(actual)
                && controllers(actual)
                        .allMatch(o -> o.getKind().equals(owner.getKind())
                                && o.getName().equals(owner.getMetadata().getName()));
    }

    private static Stream<OwnerReference> controllers(HasMetadata actual) {
        return actual.getMetadata().getOwnerReferences().stream().filter(o -> Boolean.TRUE.equals(o.getController()));
    }

    private OwnerReference reference() {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .build();
    }

    // The API server refuses any change of these, also of a volume that has grown since.
    private static void keepImmutable(HasMetadata actual, HasMetadata desired) {
        if (actual instanceof StatefulSet a && desired instanceof StatefulSet d) {
            d.getSpec().setVolumeClaimTemplates(a.getSpec().getVolumeClaimTemplates());
            d.getSpec().setPodManagementPolicy(a.getSpec().getPodManagementPolicy());
            d.getSpec().setServiceName(a.getSpec().getServiceName());
            d.getSpec().setSelector(a.getSpec().getSelector());
        }
    }
}

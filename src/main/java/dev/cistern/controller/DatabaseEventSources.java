package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.kube.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What a Database's reconciler listens to: everything that carries Cistern's label, and nothing else. */
final class DatabaseEventSources {
    private static final String OURS = Labels.MANAGED_BY + "=" + Labels.CISTERN;

    private DatabaseEventSources() {}

    static List<EventSource<?, Database>> of(EventSourceContext<Database> context) {
        Stream<EventSource<?, Database>> owned = Stream.of(
                source(context, StatefulSet.class, (now, before) -> true),
                source(context, Pod.class, DatabaseEventSources::podChanged),
                source(context, PersistentVolumeClaim.class, (now, before) -> true),
                source(
                        context,
                        Secret.class,
                        (now, before) ->
                                !Objects.equals(now.getData(), before.getData()) || metadataChanged(now, before)),
                source(
                        context,
                        ConfigMap.class,
                        (now, before) ->
                                !Objects.equals(now.getData(), before.getData()) || metadataChanged(now, before)),
                source(context, Service.class, (now, before) -> true),
                source(context, ServiceAccount.class, (now, before) -> true),
                source(context, Role.class, (now, before) -> true),
                source(context, RoleBinding.class, (now, before) -> true),
                source(context, NetworkPolicy.class, (now, before) -> true),
                source(context, PodDisruptionBudget.class, (now, before) -> specChanged(now, before)));
        return Stream.concat(owned, Stream.of(features(context))).toList();
    }

    private static <R extends HasMetadata> EventSource<?, Database> source(
            EventSourceContext<Database> context, Class<R> type, OnUpdateFilter<R> relevant) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, Database.class)
                        .withLabelSelector(OURS)
                        .withNamespacesInheritedFromController()
                        // By label and not by owner, so that what an earlier Database of the name left is seen too.
                        .withSecondaryToPrimaryMapper(DatabaseEventSources::byLabel)
                        .withOnUpdateFilter(relevant)
                        .build(),
                context);
    }

    private static EventSource<?, Database> features(EventSourceContext<Database> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DatabaseFeature.class, Database.class)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(f -> Set.of(new ResourceID(
                                f.getSpec().databaseRef().name(),
                                f.getMetadata().getNamespace())))
                        .build(),
                context);
    }

    private static Set<ResourceID> byLabel(HasMetadata object) {
        return Labels.get(object, Labels.DATABASE)
                .map(name -> Set.of(new ResourceID(name, object.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    // Whoever elects the primary writes annotations every few seconds; only what this operator acts on may wake it.
    private static boolean podChanged(Pod now, Pod before) {
        return metadataChanged(now, before)
                || !Objects.equals(
                        now.getStatus().getPodIP(), before.getStatus().getPodIP())
                || !Objects.equals(
                        now.getStatus().getPhase(), before.getStatus().getPhase())
                || !Objects.equals(
                        now.getStatus().getConditions(), before.getStatus().getConditions())
                || !Objects.equals(
                        now.getStatus().getContainerStatuses(),
                        before.getStatus().getContainerStatuses());
    }

    private static boolean specChanged(HasMetadata now, HasMetadata before) {
        return metadataChanged(now, before)
                || !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration());
    }

    private static boolean metadataChanged(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getLabels(), before.getMetadata().getLabels())
                || !Objects.equals(
                        now.getMetadata().getOwnerReferences(),
                        before.getMetadata().getOwnerReferences())
                || !Objects.equals(
                        now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp());
    }
}

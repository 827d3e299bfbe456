package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.engine.Instance;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the caches hold of one database.
 *
 * @param database the Database
 * @param statefulSet its StatefulSet
 * @param pods its pods, by name
 * @param claims its volume claims, by name; also those that an earlier Database of the name has left
 * @param secrets its Secrets; also those that an earlier Database of the name has left
 * @param services its Services
 * @param account the ServiceAccount of its pods, where they have one
 * @param features its DatabaseFeatures, oldest first
 */
record Observed(
        Database database,
        Optional<StatefulSet> statefulSet,
        List<Pod> pods,
        List<PersistentVolumeClaim> claims,
        List<Secret> secrets,
        List<Service> services,
        Optional<ServiceAccount> account,
        List<DatabaseFeature> features) {

    static Observed of(Database database, Context<Database> context) {
        String name = database.getMetadata().getName();
        return new Observed(
                database,
                context.getSecondaryResourcesAsStream(StatefulSet.class)
                        .filter(s -> s.getMetadata().getName().equals(name))
                        .findFirst(),
                sorted(context, Pod.class),
                sorted(context, PersistentVolumeClaim.class),
                sorted(context, Secret.class),
                sorted(context, Service.class),
                sorted(context, ServiceAccount.class).stream().findFirst(),
                context.getSecondaryResourcesAsStream(DatabaseFeature.class)
                        .sorted(Comparator.comparing(
                                        (DatabaseFeature f) -> f.getMetadata().getCreationTimestamp())
                                .thenComparing(f -> f.getMetadata().getName()))
                        .toList());
    }

    private static <R extends io.fabric8.kubernetes.api.model.HasMetadata> List<R> sorted(
            Context<Database> context, Class<R> type) {
        return context.getSecondaryResourcesAsStream(type)
                .sorted(Comparator.comparing(r -> r.getMetadata().getName()))
                .toList();
    }

    Optional<Secret> secret(String name) {
        return secrets.stream()
                .filter(s -> s.getMetadata().getName().equals(name))
                .findFirst();
    }

    Optional<Service> publicService() {
        String name = Names.publicService(database.getMetadata().getName());
        return services.stream()
                .filter(s -> s.getMetadata().getName().equals(name))
                .findFirst();
    }

    /** The version that runs, or that last ran on the volumes. */
    Optional<String> runningVersion() {
        return statefulSet
                .flatMap(s -> Labels.get(s, Labels.VERSION))
                .or(() -> claims.stream()
                        .flatMap(c -> Labels.get(c, Labels.VERSION).stream())
                        .findFirst());
    }

    /** The pods as engines see them. */
    List<Instance> instances() {
        return pods.stream()
                .map(p -> new Instance(
                        p.getMetadata().getName(),
                        p.getMetadata().getUid(),
                        Names.podHost(database, p.getMetadata().getName()),
                        Optional.ofNullable(p.getStatus().getPodIP())
                                .filter(ip -> !ip.isEmpty() && p.getMetadata().getDeletionTimestamp() == null),
                        ready(p),
                        Labels.get(p, Labels.ROLE)))
                .toList();
    }

    static boolean ready(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }
}

package dev.cistern.bench;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.testing.Cluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An installed Cistern, a namespace in which it is measured, and another one whose databases only lie there. */
final class Bed implements AutoCloseable {
    static final int PATIENCE = 180;
    private static final String CALLER = "bench";

    final KubernetesClient client = Cluster.client();
    final String system = environment("BENCH_SYSTEM").orElse("cistern-system");
    final String busy;
    final String idle;
    private final boolean ours;

    Bed() {
        Optional<String> named = environment("BENCH_NAMESPACE");
        ours = named.isEmpty();
        busy = named.orElseGet(() -> "bench-" + UUID.randomUUID().toString().substring(0, 6));
        idle = busy + "-idle";
        List.of(busy, idle).forEach(this::ensureNamespace);
    }

    static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(s -> !s.isBlank());
    }

    static int setting(String name, int otherwise) {
        return environment(name).map(Integer::parseInt).orElse(otherwise);
    }

    /** Whether the cluster runs on this machine, where its processes and its audit log can be seen. */
    static boolean local() {
        return environment("CLUSTER").orElse("local").equals("local");
    }

    static Path state() {
        return Path.of(environment("CISTERN_STATE").orElse(System.getProperty("user.home") + "/.local/state/cistern"))
                .resolve("cluster");
    }

    private void ensureNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .addToLabels("cistern.dev/test", "true")
                        .endMetadata()
                        .build())
                .fieldManager(CALLER)
                .forceConflicts()
                .serverSideApply();
    }

    /** Applies a Database with nothing but what is given; the Java type would add defaults. */
    void apply(String namespace, String name, String engine, String plan, String more) {
        applyYaml(namespace, """
                apiVersion: cistern.dev/v1alpha1
                kind: Database
                metadata: {name: %s}
                spec: {engine: %s, plan: %s, deletionPolicy: Delete%s}
                """.formatted(name, engine, plan, more));
    }

    void feature(String database, String feature, boolean enabled) {
        applyYaml(busy, """
                apiVersion: cistern.dev/v1alpha1
                kind: DatabaseFeature
                metadata: {name: %s-%s}
                spec: {databaseRef: {name: %s}, feature: %s, enabled: %s}
                """.formatted(database, feature, database, feature, enabled));
    }

    void applyYaml(String namespace, String yaml) {
        client.resource(client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace(namespace)
                .fieldManager(CALLER)
                .forceConflicts()
                .serverSideApply();
    }

    static boolean ready(@Nullable Database database) {
        return database != null
                && database.getStatus() != null
                && Objects.equals(
                        database.getStatus().observedGeneration(),
                        database.getMetadata().getGeneration())
                && database.getStatus().conditions() != null
                && database.getStatus().conditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    /** Whether the spec that is there now has been seen in effect. */
    static boolean settled(@Nullable DatabaseFeature feature) {
        return feature != null
                && feature.getStatus() != null
                && Objects.equals(
                        feature.getStatus().observedGeneration(),
                        feature.getMetadata().getGeneration())
                && feature.getStatus().conditions() != null
                && feature.getStatus().conditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    static boolean podReady(@Nullable Pod pod) {
        return pod != null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    /** Watches until it holds; completes with {@link System#nanoTime}. */
    <T extends io.fabric8.kubernetes.api.model.HasMetadata> CompletableFuture<Long> when(
            Class<T> type, String namespace, String name, Predicate<T> condition) {
        CompletableFuture<Long> seen = new CompletableFuture<>();
        var watch = client.resources(type)
                .inNamespace(namespace)
                .withField("metadata.name", name)
                .watch(new Watcher<T>() {
                    @Override
                    public void eventReceived(Action action, T object) {
                        if (action != Action.DELETED && condition.test(object)) {
                            seen.complete(System.nanoTime());
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        // The one who waits runs out of patience.
                    }
                });
        seen.whenComplete((at, failure) -> Thread.startVirtualThread(watch::close));
        return seen;
    }

    static <T> T get(CompletableFuture<T> future, String what) {
        try {
            return future.get(PATIENCE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new IllegalStateException("waited %d s for %s".formatted(PATIENCE, what), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(what, e.getCause());
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(PATIENCE).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited %d s for %s".formatted(PATIENCE, what));
            }
            sleep(50);
        }
    }

    static <T> T patiently(String what, Supplier<Optional<T>> source) {
        @SuppressWarnings("unchecked")
        T[] found = (T[]) new Object[1];
        until(what, () -> {
            source.get().ifPresent(value -> found[0] = value);
            return found[0] != null;
        });
        return found[0];
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static double secondsBetween(long from, long to) {
        return (to - from) / 1e9;
    }

    Database database(String namespace, String name) {
        return Objects.requireNonNull(find(namespace, name), name);
    }

    @Nullable
    Database find(String namespace, String name) {
        return client.resources(Database.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    void awaitReady(String namespace, String name) {
        get(when(Database.class, namespace, name, Bed::ready), name + " to be Ready");
    }

    /** Deletes it and waits until it is gone. */
    void remove(String namespace, String name) {
        client.resources(Database.class).inNamespace(namespace).withName(name).delete();
        until(name + " to be gone", () -> find(namespace, name) == null);
    }

    Pod pod(String namespace, String name) {
        return Objects.requireNonNull(
                client.pods().inNamespace(namespace).withName(name).get(), name);
    }

    /** The connection Secret of a database, decoded. */
    Map<String, String> binding(String database) {
        return secret(busy, database + "-binding");
    }

    Map<String, String> secret(String namespace, String name) {
        Secret secret = Objects.requireNonNull(
                client.secrets().inNamespace(namespace).withName(name).get(), name);
        Map<String, String> decoded = new HashMap<>();
        secret.getData()
                .forEach((k, v) -> decoded.put(k, new String(Base64.getDecoder().decode(v), StandardCharsets.UTF_8)));
        return decoded;
    }

    String clusterIp(String service) {
        return Objects.requireNonNull(
                        client.services().inNamespace(busy).withName(service).get())
                .getSpec()
                .getClusterIP();
    }

    /** Pods of one of Cistern's own processes that are not on their way out. */
    List<Pod> pods(String component) {
        return client
                .pods()
                .inNamespace(system)
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems()
                .stream()
                .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    String operatorUser() {
        return "system:serviceaccount:%s:cistern-operator".formatted(system);
    }

    String caller() {
        return "system:serviceaccount:%s:%s".formatted(busy, CALLER);
    }

    /** A token of somebody who may work with Cistern's kinds in the namespace. */
    String token() {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(CALLER)
                        .withNamespace(busy)
                        .endMetadata()
                        .build())
                .fieldManager(CALLER)
                .serverSideApply();
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(CALLER)
                        .withNamespace(busy)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cistern-edit")
                        .addNewSubject("", "ServiceAccount", CALLER, busy)
                        .build())
                .fieldManager(CALLER)
                .serverSideApply();
        return client.serviceAccounts()
                .inNamespace(busy)
                .withName(CALLER)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(7200L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    @Override
    public void close() {
        for (String namespace : List.of(busy, idle)) {
            try {
                client.resources(DatabaseFeature.class).inNamespace(namespace).delete();
                client.resources(Database.class).inNamespace(namespace).delete();
                until(
                        "the databases to be gone",
                        () -> client.resources(Database.class)
                                .inNamespace(namespace)
                                .list()
                                .getItems()
                                .isEmpty());
            } catch (KubernetesClientException | IllegalStateException e) {
                System.out.println("left behind in " + namespace + ": " + e.getMessage());
            }
            if (ours) {
                client.namespaces().withName(namespace).delete();
            }
        }
    }
}

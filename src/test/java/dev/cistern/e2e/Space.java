package dev.cistern.e2e;

import static org.awaitility.Awaitility.await;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseBackup;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseUser;
import dev.cistern.api.FeatureStatus;
import dev.cistern.kube.Labels;
import dev.cistern.status.Conditions;
import dev.cistern.testing.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A namespace of one test class, and the databases in it. What an earlier run has left in it is removed first. */
final class Space implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            DatabaseAction.class, DatabaseBackup.class, DatabaseUser.class, DatabaseFeature.class, Database.class);

    private final KubernetesClient client = Cluster.client();
    private final String name;

    private Space(String name) {
        this.name = name;
    }

    /** The namespace of this name, or, where only some are watched, the first of those; empty. */
    static Space open(String wanted) {
        String name = Installation.WATCHED.stream().findFirst().orElse(wanted);
        Space space = new Space(name);
        space.awaitEndOfAnEarlierOne();
        create(name);
        space.clear();
        return space;
    }

    static void create(String name) {
        Cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .addToLabels("cistern.dev/test", "true")
                        .endMetadata()
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    String name() {
        return name;
    }

    KubernetesClient client() {
        return client;
    }

    /** A database of a plan; other fields of its spec are given as JSON members. */
    Database database(String database, String engine, String plan, String... more) {
        String fields = more.length == 0 ? "" : ", " + String.join(", ", more);
        return create(Database.class, """
                {"apiVersion": "cistern.dev/v1alpha1", "kind": "Database", "metadata": {"name": "%s"},
                 "spec": {"engine": "%s", "plan": "%s"%s}}""".formatted(database, engine, plan, fields));
    }

    DatabaseFeature feature(String database, String feature) {
        return create(DatabaseFeature.class, """
                {"apiVersion": "cistern.dev/v1alpha1", "kind": "DatabaseFeature", "metadata": {"name": "%s-%s"},
                 "spec": {"databaseRef": {"name": "%s"}, "feature": "%s"}}""".formatted(database, feature, database, feature));
    }

    <T extends HasMetadata> T create(Class<T> type, String manifest) {
        return client.resource(client.getKubernetesSerialization().unmarshal(manifest, type))
                .inNamespace(name)
                .create();
    }

    <T extends HasMetadata> @Nullable T find(Class<T> type, String object) {
        return client.resources(type).inNamespace(name).withName(object).get();
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return client.resources(type).inNamespace(name).list().getItems();
    }

    Database get(String database) {
        return Objects.requireNonNull(find(Database.class, database), "there is no Database " + database);
    }

    boolean ready(String database) {
        Database now = get(database);
        return now.getStatus() != null
                && Conditions.isTrue(now.getStatus().conditions(), Conditions.READY)
                && now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration());
    }

    void awaitReady(String... databases) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> List.of(databases).stream().filter(d -> !ready(d)).toList(), List::isEmpty);
    }

    void awaitFeature(String object, FeatureStatus status) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(
                        () -> {
                            DatabaseFeature feature = find(DatabaseFeature.class, object);
                            return feature == null || feature.getStatus() == null
                                    ? null
                                    : feature.getStatus().status();
                        },
                        s -> s == status);
    }

    /** UID of every pod, volume claim, Secret and StatefulSet of Cistern's databases here, by kind and name. */
    Map<String, String> identities() {
        List<HasMetadata> all = new ArrayList<>(pods());
        all.addAll(client.apps()
                .statefulSets()
                .inNamespace(name)
                .withLabel(Labels.DATABASE)
                .list()
                .getItems());
        all.addAll(client.secrets()
                .inNamespace(name)
                .withLabel(Labels.DATABASE)
                .list()
                .getItems());
        all.addAll(client.persistentVolumeClaims()
                .inNamespace(name)
                .withLabel(Labels.DATABASE)
                .list()
                .getItems());
        return all.stream()
                .collect(Collectors.toMap(
                        o -> o.getKind() + "/" + o.getMetadata().getName(),
                        o -> o.getMetadata().getUid(),
                        (a, b) -> b,
                        TreeMap::new));
    }

    List<Pod> pods() {
        return client.pods().inNamespace(name).withLabel(Labels.DATABASE).list().getItems();
    }

    Pod pod(String pod) {
        return Objects.requireNonNull(
                client.pods().inNamespace(name).withName(pod).get(), "there is no pod " + pod);
    }

    String secret(String secret, String key) {
        return Texts.decode(Objects.requireNonNull(
                        client.secrets().inNamespace(name).withName(secret).get(), "there is no Secret " + secret)
                .getData()
                .get(key));
    }

    /** A token of a new ServiceAccount that holds these ClusterRoles here. */
    String token(String account, String... roles) {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace(name)
                        .endMetadata()
                        .build())
                .forceConflicts()
                .serverSideApply();
        for (String role : roles) {
            client.resource(new RoleBindingBuilder()
                            .withNewMetadata()
                            .withName(account + "-" + role)
                            .withNamespace(name)
                            .endMetadata()
                            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                            .addNewSubject("", "ServiceAccount", account, name)
                            .build())
                    .forceConflicts()
                    .serverSideApply();
        }
        return client.serviceAccounts()
                .inNamespace(name)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    private void awaitEndOfAnEarlierOne() {
        await().atMost(PATIENCE).until(() -> {
            var found = client.namespaces().withName(name).get();
            return found == null || found.getMetadata().getDeletionTimestamp() == null;
        });
    }

    private void clear() {
        all(Database.class).stream()
                .filter(d -> d.getSpec().deletionProtection())
                .forEach(d -> client.resource(d)
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"deletionProtection\": false}}"));
        KINDS.forEach(k -> client.resources(k).inNamespace(name).delete());
        await().atMost(PATIENCE).until(() -> KINDS.stream().allMatch(k -> all(k).isEmpty()));
        client.persistentVolumeClaims()
                .inNamespace(name)
                .withTimeout(60, TimeUnit.SECONDS)
                .delete();
        client.secrets().inNamespace(name).withLabel(Labels.DATABASE).delete();
        client.resources(io.fabric8.kubernetes.api.model.rbac.RoleBinding.class)
                .inNamespace(name)
                .withoutLabel("app.kubernetes.io/managed-by")
                .delete();
    }

    @Override
    public void close() {
        clear();
        if (!Installation.WATCHED.contains(name)) {
            client.namespaces().withName(name).delete();
        }
    }
}

package dev.cistern.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Deletes and alters the objects of one database, and waits for each to be as it was. */
final class Drift {
    private static final Duration REPAIR = Duration.ofSeconds(10);
    private static final Set<Class<? extends HasMetadata>> DELETABLE =
            Set.of(Service.class, ConfigMap.class, NetworkPolicy.class, Role.class, RoleBinding.class, Secret.class);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    Drift(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    void all() {
        deleted();
        alter(Service.class, name, "{\"spec\": {\"selector\": {\"cistern.dev/database\": \"another\"}}}");
        alter(Service.class, name, "{\"metadata\": {\"labels\": {\"app.kubernetes.io/managed-by\": null}}}");
        alter(NetworkPolicy.class, name, "{\"spec\": {\"ingress\": [{}], \"egress\": [{}]}}");
        alter(StatefulSet.class, name, "{\"metadata\": {\"labels\": {\"cistern.dev/plan\": \"starter-1024\"}}}");
        alter(StatefulSet.class, name, "{\"spec\": {\"updateStrategy\": {\"type\": \"RollingUpdate\"}}}");
        alter(Secret.class, Names.binding(name), "{\"data\": {\"password\": null}}");
        alter(
                Secret.class,
                Names.binding(name),
                "{\"data\": {\"username\": null, \"database\": null, \"host\": \"eA==\"}}");
        alter(Secret.class, Names.binding(name), "{\"data\": {\"more\": \"eA==\"}}");
        alter(
                Secret.class,
                Names.internal(name),
                "{\"metadata\": {\"labels\": {\"app.kubernetes.io/managed-by\": null}}}");
        for (HasMetadata object : Owned.objects(client, namespace, name)) {
            if (object instanceof ConfigMap map && map.getData() != null) {
                map.getData()
                        .keySet()
                        .forEach(key -> alter(
                                ConfigMap.class,
                                map.getMetadata().getName(),
                                "{\"data\": {\"%s\": \"broken\"}}".formatted(key)));
            } else if (object instanceof Role) {
                alter(Role.class, object.getMetadata().getName(), "{\"rules\": []}");
            }
        }
    }

    /** Deletes the pods' account, where they have one of their own, and says whether there was one. */
    boolean account() {
        Resource<ServiceAccount> account =
                client.serviceAccounts().inNamespace(namespace).withName(name);
        if (account.get() == null) {
            return false;
        }
        account.delete();
        await("repair of the account").atMost(REPAIR).until(() -> account.get() != null);
        return true;
    }

    /** Everything at once, but what Retain would have kept and what holds the pods. */
    private void deleted() {
        List<? extends HasMetadata> objects = Owned.objects(client, namespace, name).stream()
                .filter(o -> DELETABLE.contains(o.getClass()))
                // Losing the keys themselves is another matter than losing what is made from them.
                .filter(o -> !o.getMetadata().getName().equals(Names.internal(name)))
                .filter(o -> o.getMetadata().getOwnerReferences().stream()
                        .anyMatch(r -> r.getKind().equals("Database")))
                .toList();
        assertThat(objects).isNotEmpty();
        objects.forEach(o -> client.resource(o).delete());
        for (HasMetadata object : objects) {
            await("repair of " + object.getKind() + " " + object.getMetadata().getName())
                    .atMost(REPAIR)
                    .until(() -> {
                        HasMetadata now = client.resource(object).get();
                        return now != null
                                && !now.getMetadata()
                                        .getUid()
                                        .equals(object.getMetadata().getUid());
                    });
        }
    }

    private <T extends HasMetadata> void alter(Class<T> type, String object, String mergePatch) {
        Resource<T> resource = client.resources(type).inNamespace(namespace).withName(object);
        JsonNode before = content(resource.get());
        resource.patch(PatchContext.of(PatchType.JSON_MERGE), mergePatch);
        await("repair of " + type.getSimpleName() + " " + object + " after " + mergePatch)
                .atMost(REPAIR)
                .untilAsserted(() -> assertThat(content(resource.get())).isEqualTo(before));
    }

    private static JsonNode content(HasMetadata object) {
        ObjectNode tree = Serialization.jsonMapper().valueToTree(object);
        tree.remove("status");
        ObjectNode metadata = (ObjectNode) tree.get("metadata");
        metadata.retain("labels", "ownerReferences");
        return tree;
    }
}

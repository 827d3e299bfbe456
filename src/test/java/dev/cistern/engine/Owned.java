package dev.cistern.engine;

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
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** All objects of one database in the cluster. */
final class Owned {
    private static final List<Class<? extends HasMetadata>> TYPES = List.of(
            StatefulSet.class,
            Pod.class,
            PersistentVolumeClaim.class,
            Secret.class,
            ConfigMap.class,
            Service.class,
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            NetworkPolicy.class,
            PodDisruptionBudget.class);

    private Owned() {}

    static List<String> of(KubernetesClient client, String namespace, String database) {
        return objects(client, namespace, database).stream()
                .map(o -> o.getKind() + " " + o.getMetadata().getName())
                .toList();
    }

    static List<? extends HasMetadata> objects(KubernetesClient client, String namespace, String database) {
        return TYPES.stream()
                .flatMap(type -> client
                        .resources(type)
                        .inNamespace(namespace)
                        .withLabels(Labels.selector(database))
                        .list()
                        .getItems()
                        .stream())
                .toList();
    }
}

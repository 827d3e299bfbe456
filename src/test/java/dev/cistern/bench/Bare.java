package dev.cistern.bench;

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
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The floor: what a finished database consists of, under another name and without Cistern's label, so that no operator
 * sees it. Made from a real one, applied by hand.
 */
final class Bare {
    // In the order in which they need each other.
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            Secret.class,
            ConfigMap.class,
            NetworkPolicy.class,
            Service.class,
            StatefulSet.class);

    private final Bed bed;
    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final List<HasMetadata> objects = new ArrayList<>();

    /** Reads the objects of a database; its name must occur in them for nothing else. */
    Bare(Bed bed, String database, String name) {
        this.bed = bed;
        this.client = bed.client;
        this.namespace = bed.busy;
        this.name = name;
        for (Class<? extends HasMetadata> kind : KINDS) {
            client.resources(kind)
                    .inNamespace(namespace)
                    .withLabels(Labels.selector(database))
                    .list()
                    .getItems()
                    .forEach(object -> objects.add(copy(object, database)));
        }
    }

    private HasMetadata copy(HasMetadata object, String database) {
        var kept = object.getMetadata();
        var labels = new LinkedHashMap<>(kept.getLabels());
        object.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withName(kept.getName())
                .withNamespace(namespace)
                .withLabels(labels)
                .build());
        if (object instanceof StatefulSet set) {
            set.setStatus(null);
        }
        if (object instanceof Service service
                && !"None".equals(service.getSpec().getClusterIP())) {
            service.getSpec().setClusterIP(null);
            service.getSpec().setClusterIPs(null);
        }
        String json = client.getKubernetesSerialization()
                .asJson(object)
                .replace(database, name)
                .replaceAll("(app\\.kubernetes\\.io/managed-by\"?: ?\\\\?\")cistern", "$1bench");
        return (HasMetadata) client.getKubernetesSerialization().unmarshal(json);
    }

    int size() {
        return objects.size();
    }

    /** Applies everything, one after the other; returns the seconds until the pod is Ready. */
    double apply() {
        String pod = name + "-0";
        var ready = bed.when(Pod.class, namespace, pod, Bed::podReady);
        long start = System.nanoTime();
        for (HasMetadata object : objects) {
            client.resource(object).fieldManager("bench").forceConflicts().serverSideApply();
        }
        return Bed.secondsBetween(start, Bed.get(ready, pod + " to be Ready"));
    }

    void remove() {
        for (HasMetadata object : objects.reversed()) {
            client.resource(object).delete();
        }
        Bed.until(
                name + " to stop",
                () -> client.pods().inNamespace(namespace).withName(name + "-0").get() == null);
        client.resources(PersistentVolumeClaim.class)
                .inNamespace(namespace)
                .withName("data-" + name + "-0")
                .delete();
    }
}

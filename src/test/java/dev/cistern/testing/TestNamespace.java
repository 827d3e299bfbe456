package dev.cistern.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.UUID;

/** A namespace for one test class, with Pod Security "restricted" enforced; removed at the end. */
public final class TestNamespace implements AutoCloseable {
    private final KubernetesClient client = Cluster.client();
    private final String name;

    public TestNamespace(String prefix) {
        this.name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .addToLabels("cistern.dev/test", "true")
                        .endMetadata()
                        .build())
                .create();
    }

    public String name() {
        return name;
    }

    /** Creates an object of this namespace from a manifest. */
    public <T extends HasMetadata> T create(Class<T> type, String manifest) {
        T object = client.getKubernetesSerialization().unmarshal(manifest, type);
        return client.resource(object).inNamespace(name).create();
    }

    @Override
    public void close() {
        client.namespaces().withName(name).delete();
    }
}

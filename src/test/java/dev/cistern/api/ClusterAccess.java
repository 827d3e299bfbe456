package dev.cistern.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Optional;

/** The cluster that these tests run against: that of {@code KUBECONFIG}, else the one of {@code cluster/}. */
final class ClusterAccess {
    private ClusterAccess() {}

    /** An administrator's client. */
    static KubernetesClient administrator() {
        return new KubernetesClientBuilder().withConfig(config()).build();
    }

    /** A client that may do everything, under another name. */
    static KubernetesClient as(String user) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config())
                        .withImpersonateUsername(user)
                        .withImpersonateGroups("system:masters")
                        .build())
                .build();
    }

    private static Config config() {
        String state = Optional.ofNullable(System.getenv("CISTERN_STATE"))
                .orElseGet(() -> System.getProperty("user.home") + "/.local/state/cistern");
        String path = Optional.ofNullable(System.getenv("KUBECONFIG")).orElseGet(() -> state + "/cluster/kubeconfig");
        return Config.fromKubeconfig(Path.of(path).toFile());
    }
}

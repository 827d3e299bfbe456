package dev.cistern.testing;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Kubernetes that tests run on, chosen by the environment variable {@code CLUSTER}: {@code local} (default, the one
 * of {@code cluster/}), {@code current} (the user's own {@code KUBECONFIG}) or {@code k3s} (in Docker, by
 * Testcontainers). One client for the whole run; Cistern's CRDs are installed once.
 */
public final class Cluster {
    private static final String K3S_IMAGE = "docker.io/rancher/k3s:v1.34.1-k3s1";

    private static final class Holder {
        static final KubernetesClient CLIENT = connect();
    }

    private static final class File {
        static final Path PATH = kubeconfig();
    }

    private Cluster() {}

    /** A client with all rights. */
    public static KubernetesClient client() {
        return Holder.CLIENT;
    }

    private static KubernetesClient connect() {
        Config config = Config.fromKubeconfig(read(kubeconfigFile()));
        config.setRequestTimeout((int) TimeUnit.SECONDS.toMillis(30));
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        installCrds(client);
        return client;
    }

    /** The kubeconfig of that client, for what reads one by itself. */
    public static Path kubeconfigFile() {
        return File.PATH;
    }

    private static Path kubeconfig() {
        String kind = Optional.ofNullable(System.getenv("CLUSTER")).orElse("local");
        return switch (kind) {
            case "local" ->
                Path.of(
                        Optional.ofNullable(System.getenv("CISTERN_STATE"))
                                .orElse(System.getProperty("user.home") + "/.local/state/cistern"),
                        "cluster",
                        "kubeconfig");
            case "current" ->
                Path.of(Optional.ofNullable(System.getenv("KUBECONFIG"))
                        .orElse(System.getProperty("user.home") + "/.kube/config"));
            case "k3s" -> k3s();
            default -> throw new IllegalStateException("CLUSTER is local, current or k3s, not " + kind);
        };
    }

    private static String read(Path kubeconfig) {
        try {
            return Files.readString(kubeconfig);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "no cluster: %s cannot be read. Start one with `make cluster`".formatted(kubeconfig), e);
        }
    }

    // Left running until the JVM ends, when Testcontainers removes it.
    private static Path k3s() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException(
                    "CLUSTER=k3s needs a running Docker daemon and there is none: use CLUSTER=local or CLUSTER=current");
        }
        K3sContainer container = new K3sContainer(DockerImageName.parse(K3S_IMAGE));
        container.start();
        try {
            return Files.writeString(Files.createTempFile("k3s", ".kubeconfig"), container.getKubeConfigYaml());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void installCrds(KubernetesClient client) {
        try (Stream<Path> files = Files.list(Path.of("crds"))) {
            List<CustomResourceDefinition> crds = files.sorted()
                    .map(f -> client.getKubernetesSerialization().unmarshal(read(f), CustomResourceDefinition.class))
                    .toList();
            for (CustomResourceDefinition crd : crds) {
                client.resource(crd)
                        .forceConflicts()
                        .fieldManager("cistern-crds")
                        .serverSideApply();
                client.resource(crd).waitUntilCondition(Cluster::established, 30, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean established(@org.jspecify.annotations.Nullable CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
    }
}

package dev.cistern.e2e;

import dev.cistern.testing.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Cistern, installed once for all classes of a run by the chart and removed after the last one. It watches the whole
 * cluster, or only the namespaces that {@code E2E_WATCH_NAMESPACES} lists, while others work on the same cluster; it
 * then stays installed.
 */
final class Installation implements BeforeAllCallback, AutoCloseable {
    static final String NAMESPACE =
            Optional.ofNullable(System.getenv("NAMESPACE")).orElse("cistern-system");
    static final String OPERATOR = "cistern-operator";
    static final String GATEWAY = "cistern-gateway";
    static final List<String> WATCHED = Optional.ofNullable(System.getenv("E2E_WATCH_NAMESPACES"))
            .filter(s -> !s.isBlank())
            .map(s -> List.of(s.split(",")))
            .orElse(List.of());

    private static boolean installed;

    @Override
    public synchronized void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(Installation.class, k -> this);
        ensure();
    }

    @Override
    public void close() {
        if (WATCHED.isEmpty() && installed) {
            uninstall();
        }
    }

    /** Installs it unless this run has done so. */
    static synchronized void ensure() {
        if (!installed) {
            install();
        }
    }

    /** Installs or upgrades it with these settings, in the form of {@code helm --set}, and waits until it is ready. */
    static synchronized String install(String... settings) {
        WATCHED.forEach(Space::create);
        List<String> arguments = new ArrayList<>(List.of(
                "upgrade",
                "--install",
                "cistern",
                "helm",
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                "--take-ownership",
                "--wait",
                "--timeout",
                "180s",
                "-f",
                "src/test/resources/e2e/values.yaml"));
        Path available = Path.of(
                Optional.ofNullable(System.getenv("CISTERN_CACHE"))
                        .orElse(System.getProperty("user.home") + "/.cache/cistern"),
                "images",
                "available.yaml");
        if (Programs.local() && Files.exists(available)) {
            arguments.addAll(List.of("-f", available.toString()));
        }
        if (!WATCHED.isEmpty()) {
            arguments.addAll(List.of("--set", "watchNamespaces={" + String.join(",", WATCHED) + "}"));
        }
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        String output = Programs.helm(arguments.toArray(String[]::new));
        installed = true;
        return output;
    }

    static synchronized void uninstall() {
        installed = false;
        Programs.helm("uninstall", "cistern", "--namespace", NAMESPACE, "--wait", "--timeout", "120s");
    }

    /** The pods of a component that are not on their way out. */
    static List<Pod> pods(String deployment) {
        return client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/component", deployment.replace("cistern-", ""))
                .list()
                .getItems()
                .stream()
                .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** Replaces all pods of a component and waits until the new ones are ready. */
    static void restart(String deployment) {
        Programs.kubectl("-n", NAMESPACE, "rollout", "restart", "deployment/" + deployment);
        Programs.kubectl("-n", NAMESPACE, "rollout", "status", "deployment/" + deployment, "--timeout=120s");
    }

    /** The pod that does the work; empty when nobody holds the lease. */
    static Optional<String> leader() {
        return Optional.ofNullable(client().leases()
                        .inNamespace(NAMESPACE)
                        .withName(OPERATOR)
                        .get())
                .map(l -> l.getSpec().getHolderIdentity())
                .filter(h -> !h.isEmpty());
    }

    /** Whether a pod that is there does the work. */
    static boolean led() {
        return leader().filter(l -> pods(OPERATOR).stream()
                        .anyMatch(p -> p.getMetadata().getName().equals(l)))
                .isPresent();
    }

    /** The user name of a component before the API server. */
    static String account(String component) {
        return "system:serviceaccount:" + NAMESPACE + ":" + component;
    }

    /** The certificate of Cistern's authority, as users are told to read it. */
    static String authority() {
        return Texts.decode(Objects.requireNonNull(
                        client().secrets()
                                .inNamespace(NAMESPACE)
                                .withName("cistern-gateway-tls")
                                .get(),
                        "no Secret of the gateway")
                .getData()
                .get("ca.crt"));
    }

    private static KubernetesClient client() {
        return Cluster.client();
    }
}

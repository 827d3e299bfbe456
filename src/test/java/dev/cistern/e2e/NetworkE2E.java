package dev.cistern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who reaches the pods of Cistern and of databases, and whom those reach, tried from real pods. */
@Tag("e2e")
@Order(4)
@ExtendWith(Installation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class NetworkE2E {
    private static final int CLIENTS = 8443;
    private static final int MANAGEMENT = 9000;
    private static final int PLAIN = 8080;

    private final KubernetesClient client = dev.cistern.testing.Cluster.client();
    private Space space;
    private String gateway;
    private String operator;

    @BeforeAll
    void prepare() {
        space = Space.open("e2e-network");
        gateway = address(Installation.pods(Installation.GATEWAY).getFirst());
        operator = address(Installation.pods(Installation.OPERATOR).getFirst());
        space.database("net-sql", "postgresql", "starter-512");
        space.awaitReady("net-sql");
        visitor(space.name());
    }

    @AfterAll
    void cleanUp() {
        space.client()
                .pods()
                .inNamespace(space.name())
                .withName("visitor")
                .withGracePeriod(0)
                .delete();
        space.close();
    }

    @Test
    void podsOfOthersReachTheGatewayAndTheMetricsAndNothingElse() {
        assertThat(reaches(space.name(), "visitor", gateway, CLIENTS)).isTrue();
        assertThat(reaches(space.name(), "visitor", gateway, MANAGEMENT)).isTrue();
        assertThat(reaches(space.name(), "visitor", operator, MANAGEMENT)).isTrue();

        assertThat(reaches(space.name(), "visitor", gateway, PLAIN)).isFalse();
        assertThat(reaches(space.name(), "visitor", operator, PLAIN)).isFalse();
        assertThat(reaches(space.name(), "visitor", operator, CLIENTS)).isFalse();
    }

    @Test
    void clientsOfANamespaceReachItsDatabaseByItsPortOnly() {
        String database = address(space.pod("net-sql-0"));

        assertThat(reaches(space.name(), "visitor", database, 5432)).isTrue();
        // Patroni's own interface is for its members and the operator.
        assertThat(reaches(space.name(), "visitor", database, 8008)).isFalse();
    }

    @Test
    void gatewayReachesTheApiServerAndNoDatabase() {
        String pod =
                Installation.pods(Installation.GATEWAY).getFirst().getMetadata().getName();
        String apiServer = Objects.requireNonNull(client.services()
                        .inNamespace("default")
                        .withName("kubernetes")
                        .get())
                .getSpec()
                .getClusterIP();

        assertThat(reaches(Installation.NAMESPACE, pod, apiServer, 443)).isTrue();
        assertThat(reaches(Installation.NAMESPACE, pod, address(space.pod("net-sql-0")), 5432))
                .isFalse();
        assertThat(reaches(Installation.NAMESPACE, pod, operator, MANAGEMENT)).isFalse();
    }

    @Test
    void operatorReachesDatabases() {
        String pod = Installation.pods(Installation.OPERATOR)
                .getFirst()
                .getMetadata()
                .getName();

        assertThat(reaches(Installation.NAMESPACE, pod, address(space.pod("net-sql-0")), 5432))
                .isTrue();
        assertThat(reaches(Installation.NAMESPACE, pod, gateway, CLIENTS)).isFalse();
    }

    // A pod that only waits, from the image that is there anyway.
    private void visitor(String namespace) {
        String image =
                space.pod("net-sql-0").getSpec().getContainers().getFirst().getImage();
        space.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: visitor}
                spec:
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 0
                  securityContext: {runAsNonRoot: true, runAsUser: 999, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: visitor
                      image: %s
                      args: [sleep, "600"]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(image));
        client.pods()
                .inNamespace(namespace)
                .withName("visitor")
                .waitUntilCondition(
                        p -> p != null && "Running".equals(p.getStatus().getPhase()), 60, TimeUnit.SECONDS);
    }

    // Closed ports refuse at once, and dropped packets are not answered: both are "no".
    private static boolean reaches(String namespace, String pod, String address, int port) {
        List<String> command = new ArrayList<>(Programs.command(
                "kubectl",
                "-n",
                namespace,
                "exec",
                pod,
                "--",
                "timeout",
                "3",
                "bash",
                "-c",
                "exec 3<>/dev/tcp/%s/%d && echo reached".formatted(address, port)));
        return Programs.run(Map.of(), command).output().contains("reached");
    }

    private static String address(Pod pod) {
        return pod.getStatus().getPodIP();
    }
}

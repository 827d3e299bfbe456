package dev.cistern.controller;

import static dev.cistern.testing.DatabaseUnderTest.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.EngineType;
import dev.cistern.kube.Labels;
import dev.cistern.testing.Cluster;
import dev.cistern.testing.DatabaseUnderTest;
import dev.cistern.testing.LocalOperator;
import dev.cistern.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who reaches a database's pods and whom they reach, seen from real pods. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkPolicyIT {
    private static final int LISTENER = 7000;
    private static final int PATRONI = 8008;
    private static final String POD = "visitor";

    private final KubernetesClient client = Cluster.client();
    private TestNamespace home;
    private TestNamespace foreign;
    private TestNamespace friendly;
    private LocalOperator operator;
    private List<DatabaseUnderTest> databases;
    private DatabaseUnderTest sql;

    @BeforeAll
    void start() {
        home = new TestNamespace("net-home");
        foreign = new TestNamespace("net-foreign");
        friendly = new TestNamespace("net-friendly");
        client.namespaces().withName(friendly.name()).edit(n -> {
            n.getMetadata().getLabels().put(Labels.CLIENTS, "true");
            return n;
        });
        operator = new LocalOperator(client, home.name());
        sql = new DatabaseUnderTest(home, EngineType.POSTGRESQL, "sql");
        databases = List.of(sql, new DatabaseUnderTest(home, EngineType.REDIS, "keys"));
        databases.forEach(d -> d.create("plan: free-256, deletionPolicy: Delete"));
        List.of(home, foreign, friendly).forEach(this::visitor);
        databases.forEach(DatabaseUnderTest::awaitSettled);
    }

    /** A pod that waits to be told where to connect, and answers everybody. */
    private void visitor(TestNamespace namespace) {
        namespace.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
                  containers:
                  - name: main
                    image: cistern.local/busybox:1
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, "while :; do nc -l -p %d; done"]
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(POD, LISTENER));
        client.pods().inNamespace(namespace.name()).withName(POD).waitUntilReady(60, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        databases.forEach(DatabaseUnderTest::delete);
        databases.forEach(DatabaseUnderTest::awaitGone);
        operator.close();
        List.of(home, foreign, friendly).forEach(TestNamespace::close);
    }

    private String visitorAddress(TestNamespace namespace) {
        return client.pods()
                .inNamespace(namespace.name())
                .withName(POD)
                .get()
                .getStatus()
                .getPodIP();
    }

    private boolean reaches(TestNamespace from, String address, int port) {
        return run(from, POD, "nc -w 3 %s %d </dev/null >/dev/null 2>&1 && echo reached".formatted(address, port))
                .contains("reached");
    }

    private String run(TestNamespace namespace, String pod, String script) {
        var out = new ByteArrayOutputStream();
        try (ExecWatch watch = client.pods()
                .inNamespace(namespace.name())
                .withName(pod)
                .writingOutput(out)
                .writingError(out)
                .exec("sh", "-c", script)) {
            watch.exitCode().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(out.toString(StandardCharsets.UTF_8), e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void neighbours_reach_the_port_for_clients_and_no_other() {
        for (DatabaseUnderTest database : databases) {
            String address = database.pod().getStatus().getPodIP();
            patiently().until(() -> reaches(home, address, database.binding().port()));
        }
        assertThat(reaches(home, sql.pod().getStatus().getPodIP(), PATRONI)).isFalse();
    }

    @Test
    void other_namespaces_reach_a_database_only_when_they_are_marked() {
        for (DatabaseUnderTest database : databases) {
            String address = database.pod().getStatus().getPodIP();
            int port = database.binding().port();
            patiently().until(() -> reaches(friendly, address, port));
            assertThat(reaches(foreign, address, port)).isFalse();
        }
        assertThat(reaches(friendly, sql.pod().getStatus().getPodIP(), PATRONI)).isFalse();
    }

    @Test
    void a_database_reaches_nobody() {
        String address = visitorAddress(foreign);
        patiently().until(() -> reaches(home, address, LISTENER));
        for (DatabaseUnderTest database : databases) {
            String pod = database.pod().getMetadata().getName();
            String script = "timeout 3 bash -c 'exec 3<>/dev/tcp/%s/%d' 2>&1 && echo reached || echo stopped";
            assertThat(run(home, pod, script.formatted(address, LISTENER))).contains("stopped");
            // That the way of asking works at all is seen where it is allowed: at home.
            String own = database.pod().getStatus().getPodIP();
            assertThat(run(home, pod, script.formatted(own, database.binding().port())))
                    .contains("reached");
        }
    }
}

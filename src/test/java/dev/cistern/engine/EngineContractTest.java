package dev.cistern.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.EngineType;
import dev.cistern.api.FeatureStatus;
import dev.cistern.kube.Names;
import dev.cistern.status.Conditions;
import dev.cistern.testing.Cluster;
import dev.cistern.testing.LocalOperator;
import dev.cistern.testing.TestNamespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What every engine must do, on a real cluster with the real engine. One database lives through all of it. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class EngineContractTest {
    protected static final Duration PATIENCE = Duration.ofSeconds(60);
    protected static final String NAME = "orders";

    protected KubernetesClient client;
    protected TestNamespace namespace;
    protected LocalOperator operator;

    /** Which engine. */
    protected abstract EngineType engine();

    @BeforeAll
    void start() {
        client = Cluster.client();
        namespace = new TestNamespace("contract-" + engine().id());
        operator = new LocalOperator(client, namespace.name());
    }

    @AfterAll
    void stop() {
        client.resources(Database.class).inNamespace(namespace.name()).delete();
        client.resources(DatabaseFeature.class).inNamespace(namespace.name()).delete();
        await().atMost(PATIENCE)
                .until(() -> client.resources(Database.class)
                                .inNamespace(namespace.name())
                                .list()
                                .getItems()
                                .isEmpty()
                        && client.resources(DatabaseFeature.class)
                                .inNamespace(namespace.name())
                                .list()
                                .getItems()
                                .isEmpty());
        operator.close();
        namespace.close();
    }

    @Test
    @Order(1)
    void becomesReady() {
        namespace.create(Database.class, """
                apiVersion: cistern.dev/v1alpha1
                kind: Database
                metadata: {name: %s}
                spec: {engine: %s, plan: starter-512, deletionPolicy: Delete}
                """.formatted(NAME, engine().id()));
        awaitReady();
        assertThat(client.secrets()
                        .inNamespace(namespace.name())
                        .withName(Names.binding(NAME))
                        .get()
                        .getData())
                .containsKeys("type", "provider", "host", "port", "username", "password", "database", "uri", "ca.crt");
    }

    @Test
    @Order(2)
    void forceSslIsActivatedLive() {
        String pod = podUid();
        namespace.create(DatabaseFeature.class, """
                apiVersion: cistern.dev/v1alpha1
                kind: DatabaseFeature
                metadata: {name: %s-force-ssl}
                spec: {databaseRef: {name: %s}, feature: force-ssl}
                """.formatted(NAME, NAME));
        awaitFeature("force-ssl", FeatureStatus.ACTIVATED);
        assertThat(podUid()).isEqualTo(pod);
    }

    protected Database database() {
        return client.resources(Database.class)
                .inNamespace(namespace.name())
                .withName(NAME)
                .get();
    }

    protected void awaitReady() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> database().getStatus() != null
                        && Conditions.isTrue(database().getStatus().conditions(), Conditions.READY)
                        && database()
                                .getMetadata()
                                .getGeneration()
                                .equals(database().getStatus().observedGeneration()));
    }

    protected void awaitFeature(String feature, FeatureStatus status) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            DatabaseFeature f = client.resources(DatabaseFeature.class)
                    .inNamespace(namespace.name())
                    .withName(NAME + "-" + feature)
                    .get();
            assertThat(f.getStatus()).isNotNull();
            assertThat(f.getStatus().status()).as(f.getStatus().message()).isEqualTo(status);
        });
    }

    protected String podUid() {
        return client.pods()
                .inNamespace(namespace.name())
                .withName(Names.pod(NAME, 0))
                .get()
                .getMetadata()
                .getUid();
    }
}

package dev.cistern.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.DatabaseStatus;
import dev.cistern.api.EngineType;
import dev.cistern.api.FeatureStatus;
import dev.cistern.api.Phase;
import dev.cistern.kube.Names;
import dev.cistern.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;

/** One Database of a test, seen as its user sees it. */
public final class DatabaseUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final KubernetesClient client = Cluster.client();
    private final TestNamespace namespace;
    private final EngineType engine;
    private final EngineClient application;
    private final String name;

    public DatabaseUnderTest(TestNamespace namespace, EngineType engine, String name) {
        this.namespace = namespace;
        this.engine = engine;
        this.application = EngineClient.of(engine);
        this.name = name;
    }

    public static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(LOOK).ignoreExceptions();
    }

    public String name() {
        return name;
    }

    /** Creates it; {@code spec} holds all but the engine. */
    public void create(String spec) {
        namespace.create(Database.class, """
                apiVersion: cistern.dev/v1alpha1
                kind: Database
                metadata: {name: %s}
                spec: {engine: %s, %s}
                """.formatted(name, engine.id(), spec));
    }

    /** Changes its specification as {@code kubectl patch} does. */
    public void change(String mergePatch) {
        resource().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": %s}".formatted(mergePatch));
    }

    public void delete() {
        resource().delete();
    }

    public void awaitGone() {
        patiently().until(() -> resource().get() == null);
    }

    public DatabaseStatus status() {
        return resource().get().getStatus();
    }

    public Condition condition(String type) {
        return Conditions.find(status().conditions(), type).orElseThrow();
    }

    /** Waits until its last specification is in force, nothing is wrong, and it serves. */
    public void awaitSettled() {
        patiently().untilAsserted(() -> {
            Database now = resource().get();
            assertThat(now.getStatus().observedGeneration())
                    .isEqualTo(now.getMetadata().getGeneration());
            assertThat(now.getStatus().phase())
                    .as(now.getStatus().conditions().toString())
                    .isEqualTo(Phase.RUNNING);
            assertThat(Conditions.isTrue(now.getStatus().conditions(), Conditions.READY))
                    .isTrue();
            assertThat(Conditions.isTrue(now.getStatus().conditions(), Conditions.PROGRESSING))
                    .isFalse();
            assertThat(Conditions.isTrue(now.getStatus().conditions(), Conditions.DEGRADED))
                    .as(now.getStatus().conditions().toString())
                    .isFalse();
        });
    }

    /** Waits for a Degraded condition of this reason about the present specification, and returns its message. */
    public String awaitDegraded(String reason) {
        patiently().untilAsserted(() -> {
            Condition degraded = condition(Conditions.DEGRADED);
            assertThat(degraded.getReason()).as(degraded.getMessage()).isEqualTo(reason);
            assertThat(degraded.getStatus()).isEqualTo("True");
            assertThat(degraded.getObservedGeneration())
                    .isEqualTo(resource().get().getMetadata().getGeneration());
        });
        return condition(Conditions.DEGRADED).getMessage();
    }

    public Binding binding() {
        return Binding.of(client.secrets()
                .inNamespace(namespace.name())
                .withName(Names.binding(name))
                .get());
    }

    /** The client Service. */
    public EngineClient.Endpoint service() {
        Service service =
                client.services().inNamespace(namespace.name()).withName(name).get();
        return new EngineClient.Endpoint(
                service.getSpec().getClusterIP(), binding().port(), false);
    }

    public EngineClient.Session tls() throws IOException {
        return application.tls(binding(), service());
    }

    public EngineClient.Session tls(Binding binding, EngineClient.Endpoint at) throws IOException {
        return application.tls(binding, at);
    }

    /** Unencrypted, to the pod itself: the Service may not even have a port for it. */
    public EngineClient.Session plain() throws IOException {
        Binding binding = binding();
        return application.plain(
                binding,
                new EngineClient.Endpoint(pod().getStatus().getPodIP(), application.plainPort(binding), false));
    }

    public BigInteger serial() throws IOException {
        return application.serial(binding(), service());
    }

    /** Writes with a new session, when one can be had. */
    public void write(String key, String value) {
        patiently().untilAsserted(() -> {
            try (var session = tls()) {
                session.write(key, value);
            }
        });
    }

    /** Reads with a new session, when one can be had. */
    public String read(String key) {
        return patiently()
                .until(
                        () -> {
                            try (var session = tls()) {
                                return session.read(key);
                            }
                        },
                        v -> true);
    }

    public Pod pod() {
        return client.pods()
                .inNamespace(namespace.name())
                .withName(Names.pod(name, 0))
                .get();
    }

    public String podUid() {
        return pod().getMetadata().getUid();
    }

    /** The feature's object is named after the feature. */
    public void feature(String feature) {
        feature(name + "-" + feature, feature);
    }

    public void feature(String object, String feature) {
        namespace.create(DatabaseFeature.class, """
                apiVersion: cistern.dev/v1alpha1
                kind: DatabaseFeature
                metadata: {name: %s}
                spec: {databaseRef: {name: %s}, feature: %s}
                """.formatted(object, name, feature));
    }

    public Resource<DatabaseFeature> featureObject(String object) {
        return client.resources(DatabaseFeature.class)
                .inNamespace(namespace.name())
                .withName(object);
    }

    /** Waits for a feature's status and returns its message. */
    public String awaitFeature(String feature, FeatureStatus status) {
        return awaitFeatureObject(name + "-" + feature, status);
    }

    public String awaitFeatureObject(String object, FeatureStatus status) {
        patiently().untilAsserted(() -> {
            DatabaseFeatureStatus now = featureObject(object).get().getStatus();
            assertThat(now.status()).as(now.message()).isEqualTo(status);
        });
        return featureObject(object).get().getStatus().message();
    }

    public void removeFeature(String feature) {
        featureObject(name + "-" + feature).delete();
    }

    public void awaitFeatureGone(String feature) {
        patiently().until(() -> featureObject(name + "-" + feature).get() == null);
    }

    public List<String> events(String reason) {
        return client.v1().events().inNamespace(namespace.name()).list().getItems().stream()
                .filter(e -> name.equals(e.getInvolvedObject().getName()) && reason.equals(e.getReason()))
                .map(Event::getMessage)
                .toList();
    }

    /** An object of the database's namespace. */
    public <T extends HasMetadata> Resource<T> object(Class<T> type, String object) {
        return client.resources(type).inNamespace(namespace.name()).withName(object);
    }

    private Resource<Database> resource() {
        return client.resources(Database.class).inNamespace(namespace.name()).withName(name);
    }
}

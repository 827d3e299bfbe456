package dev.cistern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cistern.helm.Chart;
import dev.cistern.testing.Cluster;
import dev.cistern.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchResources;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** What the real API server takes and refuses, with the CRDs and the chart's policies, and what it says. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrdAdmissionIT {
    static final Path CORPUS = Path.of("src/test/resources/crd");

    private static final String OPERATOR = "system:serviceaccount:" + Chart.NAMESPACE + ":cistern-operator";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KubernetesClient client = Cluster.client();
    private final TestNamespace scope = new TestNamespace("crd");
    private final String namespace = scope.name();
    private final List<HasMetadata> policies = new ArrayList<>();

    @BeforeAll
    void installPolicies() {
        Chart.render("{}").objects().map(Object::toString).forEach(this::installPolicy);
        // The API server reads new policies a moment after they are written.
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertRefused(manifest("database/invalid-storage-size-word.yaml"));
            assertRefused(manifest("database/invalid-delete-protected.yaml"));
        });
    }

    @AfterAll
    void cleanUp() {
        policies.forEach(policy -> client.resource(policy).delete());
        scope.close();
    }

    @TestFactory
    Stream<DynamicTest> manifestsAreTakenOrRefused() {
        return Manifest.all(CORPUS).stream()
                .filter(manifest -> !manifest.name().startsWith("full/"))
                .map(manifest -> DynamicTest.dynamicTest(manifest.name(), () -> {
                    if (manifest.expect().isPresent()) {
                        assertRefused(manifest);
                    } else {
                        assertThatCode(() -> attempt(manifest)).doesNotThrowAnyException();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> examplesAreTaken() {
        return Manifest.all(Path.of("examples")).stream()
                .map(manifest -> DynamicTest.dynamicTest(
                        manifest.name(),
                        () -> assertThatCode(() -> attempt(manifest)).doesNotThrowAnyException()));
    }

    @Test
    void policiesAreWellTyped() {
        assertThat(policies)
                .filteredOn(ValidatingAdmissionPolicy.class::isInstance)
                .hasSize(3)
                .allSatisfy(policy -> await().atMost(PATIENCE).untilAsserted(() -> {
                    var seen =
                            (ValidatingAdmissionPolicy) client.resource(policy).get();
                    assertThat(seen.getStatus().getTypeChecking()).isNotNull();
                    assertThat(seen.getStatus().getTypeChecking().getExpressionWarnings())
                            .isEmpty();
                }));
    }

    @Test
    void operatorMayWriteItsFinalizerAndNoSpec() {
        // Given
        var database = create(document("authorship", "plan: no-such-plan"));

        // When, Then
        try (KubernetesClient operator = operator()) {
            var theirs = operator.resource(database);
            assertThatCode(() -> theirs.patch(merge(), "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}"))
                    .doesNotThrowAnyException();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThatThrownBy(() -> theirs.patch(merge(), "{\"spec\":{\"suspended\":true}}"))
                                    .hasMessageContaining("the operator never writes a spec"));
        } finally {
            remove(database);
        }
    }

    // kubectl delete --all and the end of a namespace go this way.
    @Test
    void protectionHoldsForDeletionOfAll() {
        // Given
        var database = create(document("all", "plan: no-such-plan\n  deletionProtection: true"));

        // When, Then
        try {
            assertThatThrownBy(() -> client.raw(
                            "/apis/cistern.dev/v1alpha1/namespaces/" + namespace + "/databases", "DELETE", null))
                    .hasMessageContaining("has deletionProtection");
            assertThat(client.resource(database).get()).isNotNull();
        } finally {
            remove(database);
        }
    }

    private static Manifest manifest(String name) {
        return Manifest.all(CORPUS).stream()
                .filter(manifest -> manifest.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void assertRefused(Manifest manifest) {
        assertThatThrownBy(() -> attempt(manifest))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(manifest.expect().orElseThrow());
    }

    /** Does what the file is about, as a dry run where that is possible. */
    private void attempt(Manifest manifest) {
        if (manifest.documents().size() == 1 && !manifest.delete()) {
            local(manifest.last()).dryRun().fieldValidation(Validation.STRICT).create();
            return;
        }
        GenericKubernetesResource existing = create(manifest.documents().getFirst());
        try {
            if (manifest.delete()) {
                local(existing).dryRun().delete();
            } else {
                GenericKubernetesResource changed = manifest.last();
                changed.getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
                local(changed).dryRun().fieldValidation(Validation.STRICT).update();
            }
        } finally {
            remove(existing);
        }
    }

    private NamespaceableResource<GenericKubernetesResource> local(GenericKubernetesResource object) {
        object.getMetadata().setNamespace(namespace);
        return client.resource(object);
    }

    private GenericKubernetesResource create(GenericKubernetesResource object) {
        return local(object).fieldValidation(Validation.STRICT).create();
    }

    private void remove(GenericKubernetesResource object) {
        if (object.getKind().equals("Database")) {
            client.resource(object).patch(merge(), "{\"spec\":{\"deletionProtection\":false}}");
        }
        client.resource(object).delete();
    }

    private void installPolicy(String json) {
        HasMetadata object = (HasMetadata) Serialization.unmarshal(json);
        if (object instanceof ValidatingAdmissionPolicyBinding binding) {
            // Nobody else's namespaces are to feel this test.
            binding.getSpec()
                    .setMatchResources(Serialization.unmarshal(
                            "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + namespace + "}}",
                            MatchResources.class));
            binding.getSpec().setPolicyName(ofThisTest(binding.getSpec().getPolicyName()));
        }
        if (object instanceof ValidatingAdmissionPolicy || object instanceof ValidatingAdmissionPolicyBinding) {
            object.getMetadata().setName(ofThisTest(object.getMetadata().getName()));
            policies.add(client.resource(object).create());
        }
    }

    private String ofThisTest(String name) {
        return name.replace(Chart.NAMESPACE, namespace);
    }

    private static GenericKubernetesResource document(String name, String spec) {
        return Serialization.unmarshal("""
                apiVersion: cistern.dev/v1alpha1
                kind: Database
                metadata:
                  name: %s
                spec:
                  engine: redis
                  %s
                """.formatted(name, spec), GenericKubernetesResource.class);
    }

    /** May do everything, so that it is the policy that refuses. */
    private KubernetesClient operator() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(client.getConfiguration())
                        .withImpersonateUsername(OPERATOR)
                        .withImpersonateGroups("system:masters")
                        .build())
                .build();
    }

    private static PatchContext merge() {
        return PatchContext.of(PatchType.JSON_MERGE);
    }
}

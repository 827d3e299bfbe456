package dev.cistern.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart makes of its values. */
class HelmChartTest {
    private static final Set<String> CLUSTER_SCOPED = Set.of(
            "ClusterRole",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding");

    @Test
    void lintFindsNothing() {
        LintResult result = new Helm(Chart.PATH).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void versionIsThatOfTheBuild() throws IOException {
        JsonNode chart = Chart.YAML.readTree(Files.readString(Chart.PATH.resolve("Chart.yaml")));
        String version = chart.path("appVersion").asText();
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<artifactId>cistern</artifactId>\n  <version>" + version + "</version>");
        assertThat(chart.path("version").asText()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{operator: {replicas: 2}, gateway: {replicas: 1}}",
                "{gateway: {enabled: false}}",
                "{metrics: {serviceMonitor: {enabled: true, labels: {release: prometheus}}}}",
                "{publicService: {type: NodePort, host: db.example.com, annotations: {a/b: c}, allowedSourceRanges: [192.0.2.0/24]}}",
                "{watchNamespaces: [shop, blog], crds: {install: false}, policies: {enabled: false}, rbac: {aggregate: false}}",
                "{networkPolicy: {enabled: false}, image: {tag: '1.2.3', pullSecrets: [{name: registry}]}}",
                "{operator: {nodeSelector: {a: b}, tolerations: [{key: k, operator: Exists}], env: [{name: A, value: b}]}}"
            })
    void whateverTheValuesPodsAreRestrictedAndObjectsLabelled(String values) {
        Chart chart = Chart.render(values);

        assertThat(chart.all("Deployment")).isNotEmpty().allSatisfy(HelmChartTest::restricted);
        assertThat(chart.objects().map(o -> o.path("kind").asText() + o.at("/metadata/namespace") + Chart.name(o)))
                .doesNotHaveDuplicates();
        assertThat(chart.objects()).allSatisfy(object -> {
            assertThat(Chart.name(object)).hasSizeLessThanOrEqualTo(63);
            assertThat(object.at("/metadata/labels/app.kubernetes.io~1instance").asText())
                    .as("label of %s", Chart.name(object))
                    .isEqualTo("cistern");
            if (CLUSTER_SCOPED.contains(object.path("kind").asText())) {
                // So that a second Cistern in another namespace can be installed beside this one.
                assertThat(Chart.name(object))
                        .matches(".*-" + Chart.NAMESPACE + "|cistern-(view|edit)|[a-z]+\\.cistern\\.dev");
            }
        });
    }

    private static void restricted(JsonNode deployment) {
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        assertThat(pod.path("containers")).hasSize(1);
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(container.at("/securityContext/allowPrivilegeEscalation")).isEqualTo(Chart.YAML.valueToTree(false));
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(Chart.texts(container.at("/securityContext/capabilities/drop")))
                .containsExactly("ALL");
        assertThat(container.at("/resources/requests/cpu").isMissingNode()).isFalse();
        assertThat(container.at("/resources/limits/memory").isMissingNode()).isFalse();
        assertThat(List.of("startupProbe", "livenessProbe", "readinessProbe"))
                .allSatisfy(
                        probe -> assertThat(container.path(probe).isObject()).isTrue());
        assertThat(pod.path("topologySpreadConstraints")).hasSize(1);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isPositive();
        assertThat(pod.at("/hostNetwork").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 1, 1", "1, 2, 1", "2, 2, 2"})
    void disruptionBudgetsAreForMoreThanOne(int operators, int gateways, int budgets) {
        Chart chart =
                Chart.render("{operator: {replicas: %d}, gateway: {replicas: %d}}".formatted(operators, gateways));

        assertThat(chart.all("PodDisruptionBudget"))
                .hasSize(budgets)
                .allSatisfy(
                        b -> assertThat(b.at("/spec/maxUnavailable").asInt()).isEqualTo(1));
        assertThat(chart.one("Deployment", "cistern-operator")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(operators);
    }

    @Test
    void withoutGatewayNothingOfItIsLeft() {
        assertThat(Chart.render("{gateway: {enabled: false}}").names())
                .noneMatch(name -> name.contains("gateway"))
                .contains("Deployment/cistern-operator");
    }

    @Test
    void gatewayServesItsCertificateAndNothingElse() {
        Chart chart = Chart.render("{}");

        assertThat(chart.env("cistern-gateway", "CISTERN_ROLE")).isEqualTo("gateway");
        assertThat(chart.env("cistern-gateway", "CISTERN_GATEWAY_INSECURE_REQUESTS"))
                .isEqualTo("disabled");
        assertThat(chart.env("cistern-gateway", "CISTERN_GATEWAY_TLS_KEY")).isEqualTo("/etc/cistern/tls/tls.key");
        JsonNode secret = chart.one("Deployment", "cistern-gateway").at("/spec/template/spec/volumes/1/secret");
        assertThat(secret.path("secretName").asText()).isEqualTo("cistern-gateway-tls");
        // Not optional: a pod that waits for the certificate is better than one that serves without.
        assertThat(secret.path("optional").isMissingNode()).isTrue();
        assertThat(chart.one("Service", "cistern-gateway")
                        .at("/spec/ports/0/port")
                        .asInt())
                .isEqualTo(443);
    }

    @Test
    void publicServicesAreSetUp() {
        Chart chart = Chart.render(
                "{publicService: {type: NodePort, host: db.example.com,"
                        + " annotations: {example.com/class: fast, b: c}, allowedSourceRanges: [192.0.2.0/24, 2001:db8::/32]}}");

        assertThat(chart.env("cistern-operator", "CISTERN_PUBLIC_SERVICE_TYPE")).isEqualTo("NodePort");
        assertThat(chart.env("cistern-operator", "CISTERN_PUBLIC_SERVICE_HOST")).isEqualTo("db.example.com");
        assertThat(chart.env("cistern-operator", "CISTERN_PUBLIC_SERVICE_ALLOWED_SOURCE_RANGES"))
                .isEqualTo("192.0.2.0/24,2001:db8::/32");
        assertThat(chart.one("ConfigMap", "cistern-config")
                        .at("/data/application.properties")
                        .asText())
                .contains("cistern.public-service.annotations.\"example.com/class\"=fast\n");
        assertThat(Chart.render("{}").names()).doesNotContain("ConfigMap/cistern-config");
    }

    @Test
    void settingsReachTheProcesses() {
        Chart chart = Chart.render("{watchNamespaces: [shop, blog], logging: {level: DEBUG, json: false},"
                + " tls: {certificateLifetimeDays: 30}, image: {repository: r.example.com/c, tag: '9'}}");

        assertThat(chart.env("cistern-operator", "QUARKUS_OPERATOR_SDK_NAMESPACES"))
                .isEqualTo("shop,blog");
        assertThat(chart.env("cistern-gateway", "QUARKUS_LOG_CATEGORY__DEV_CISTERN__LEVEL"))
                .isEqualTo("DEBUG");
        assertThat(chart.env("cistern-gateway", "QUARKUS_LOG_CONSOLE_JSON_ENABLED"))
                .isEqualTo("false");
        assertThat(chart.env("cistern-operator", "CISTERN_TLS_CERTIFICATE_LIFETIME_DAYS"))
                .isEqualTo("30");
        assertThat(chart.container("cistern-operator").path("image").asText()).isEqualTo("r.example.com/c:9");
    }

    @Test
    void serviceMonitorFindsTheMetricsService() {
        Chart chart = Chart.render("{metrics: {serviceMonitor: {enabled: true, labels: {release: prometheus}}}}");

        JsonNode monitor = chart.one("ServiceMonitor", "cistern");
        assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        assertThat(chart.one("Service", "cistern-metrics").at("/metadata/labels"))
                .containsAll(monitor.at("/spec/selector/matchLabels"));
        assertThat(Chart.render("{}").all("ServiceMonitor")).isEmpty();
    }

    @Test
    void ownPodsAreClosedButForWhatTheyNeed() {
        List<JsonNode> policies = Chart.render("{}").all("NetworkPolicy");
        assertThat(policies)
                .hasSize(3)
                .allSatisfy(
                        p -> assertThat(Chart.texts(p.at("/spec/policyTypes"))).containsExactly("Ingress", "Egress"));
        assertThat(policies.getFirst().at("/spec/egress").isMissingNode()).isTrue();
        assertThat(Chart.render("{networkPolicy: {enabled: false}}").all("NetworkPolicy"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{operator: {replicas: 3}} | /operator/replicas",
                "{gateway: {replicas: 0}} | /gateway/replicas",
                "{publicService: {type: ClusterIP}} | 'LoadBalancer', 'NodePort'",
                "{publicService: {annotations: {a: 'b\\c'}}} | /publicService/annotations/a",
                "{publicService: {allowedSourceRanges: [192.0.2.1]}} | /publicService/allowedSourceRanges/0",
                "{watchNamespaces: shop} | /watchNamespaces",
                "{watchNamespaces: [Shop]} | /watchNamespaces/0",
                "{logging: {level: chatty}} | /logging/level",
                "{tls: {certificateLifetimeDays: 0}} | /tls/certificateLifetimeDays",
                "{replicas: 2} | additional properties 'replicas' not allowed",
                "{operator: {replica: 2}} | additional properties 'replica' not allowed",
                "{catalogue: {unavailable: [postgresql-17]}} | /catalogue/unavailable/0",
                "{catalogue: {releases: [{engine: oracle, version: 1.0.0-1}]}} | /catalogue/releases/0/engine",
                "{catalogue: {releases: [{engine: redis, version: '8.0'}]}} | /catalogue/releases/0/version",
                "{catalogue: {plans: [{name: small}]}} | missing properties",
                "{catalogue: {plans: []}} | /catalogue/plans"
            })
    void badValuesAreRefusedByName(String values, String message) {
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message.strip());
    }

    @Test
    void everyValueIsDescribed() throws IOException {
        JsonNode schema = Chart.YAML.readTree(Files.readString(Chart.PATH.resolve("values.schema.json")));
        described("", schema);
    }

    private static void described(String path, JsonNode schema) {
        schema.path("properties").properties().forEach(entry -> {
            String here = path + "/" + entry.getKey();
            JsonNode value = entry.getValue();
            if (!value.has("$ref")) {
                assertThat(value.path("description").asText()).as(here).endsWith(".");
            }
            described(here, value);
            described(here + "[]", value.path("items"));
        });
    }
}

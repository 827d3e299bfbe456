package dev.cistern.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.api.Crds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what. */
class HelmRightsTest {
    private static final Chart CHART = Chart.render("{}");
    private static final Chart NARROW = Chart.render("{watchNamespaces: [shop, blog]}");

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{watchNamespaces: [shop]}"})
    void nobodyMayDoEverything(String values) {
        Chart chart = Chart.render(values);
        List<JsonNode> rules = new ArrayList<>(chart.rules("ClusterRole", ""));
        rules.addAll(chart.rules("Role", ""));

        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(Chart.texts(rule.path("verbs")))
                    .isNotEmpty()
                    .doesNotContain("*", "escalate", "bind", "impersonate");
            assertThat(Chart.texts(rule.path("resources"))).isNotEmpty().doesNotContain("*");
            assertThat(Chart.texts(rule.path("apiGroups"))).isNotEmpty().doesNotContain("*");
        });
    }

    @Test
    void operatorHoldsWhatItGrantsToPods() {
        // What the Role of a PostgreSQL database holds: without it the API server would refuse that Role.
        List<JsonNode> rules = CHART.rules("ClusterRole", "cistern-operator");
        assertThat(verbs(rules, "", "configmaps")).contains("get", "list", "watch", "patch");
        assertThat(verbs(rules, "", "pods")).contains("list", "watch", "patch");
    }

    @Test
    void operatorTouchesSecretsOnlyAsFarAsItMust() {
        assertThat(verbs(CHART.rules("ClusterRole", "cistern-operator"), "", "secrets"))
                .containsExactlyInAnyOrder("get", "list", "watch", "create", "update");
        assertThat(CHART.rules("Role", "cistern-operator"))
                .filteredOn(r -> Chart.texts(r.path("resources")).contains("secrets"))
                .filteredOn(r -> !Chart.texts(r.path("verbs")).equals(List.of("create")))
                .singleElement()
                .satisfies(r -> assertThat(Chart.texts(r.path("resourceNames")))
                        .containsExactly("cistern-ca", "cistern-gateway-tls"));
    }

    @Test
    void operatorNeverWritesASpec() {
        List<JsonNode> rules = CHART.rules("ClusterRole", "cistern-operator");
        Crds.KINDS.forEach(kind -> {
            String plural = HasMetadata.getPlural(kind);
            assertThat(verbs(rules, "cistern.dev", plural)).contains("patch").doesNotContain("create", "update");
            assertThat(verbs(rules, "cistern.dev", plural + "/status")).containsExactly("patch");
        });
        // patch is for the finalizer; that it is for nothing else, this policy says.
        JsonNode policy = CHART.one("ValidatingAdmissionPolicy", "cistern-authorship-" + Chart.NAMESPACE);
        assertThat(policy.at("/spec/matchConditions/0/expression").asText())
                .contains("'system:serviceaccount:" + Chart.NAMESPACE + ":cistern-operator'");
    }

    @Test
    void operatorThatWatchesSomeNamespacesHasRightsInThoseOnly() {
        assertThat(NARROW.rules("ClusterRole", "cistern-operator"))
                .singleElement()
                .satisfies(r -> assertThat(Chart.texts(r.path("resources"))).containsExactly("nodes"));
        assertThat(NARROW.all("Role"))
                .extracting(r -> r.at("/metadata/namespace").asText())
                .contains("shop", "blog");
        Set<JsonNode> wide = new HashSet<>(CHART.rules("ClusterRole", "cistern-operator"));
        wide.removeIf(r -> Chart.texts(r.path("resources")).contains("nodes"));
        assertThat(NARROW.rules("Role", "cistern-operator-" + Chart.NAMESPACE)).containsAll(wide);
    }

    @Test
    void gatewayReadsThreeKindsAndTheCatalogue() {
        List<JsonNode> rules = new ArrayList<>(CHART.rules("ClusterRole", "cistern-gateway"));
        rules.addAll(CHART.rules("Role", "cistern-gateway"));

        assertThat(rules)
                .allSatisfy(r ->
                        assertThat(Chart.texts(r.path("verbs"))).containsExactlyInAnyOrder("get", "list", "watch"));
        assertThat(rules.stream().flatMap(r -> Chart.texts(r.path("resources")).stream()))
                .containsExactlyInAnyOrder("databases", "databasefeatures", "databaseactions", "configmaps");
    }

    @Test
    void usersGetEveryKindAndNoStatus() {
        List<String> kinds = Crds.KINDS.stream()
                .map(kind -> HasMetadata.getPlural(kind))
                .sorted()
                .toList();
        for (String role : List.of("cistern-view", "cistern-edit")) {
            JsonNode rule = CHART.one("ClusterRole", role).at("/rules/0");
            assertThat(Chart.texts(rule.path("resources")).stream().sorted())
                    .as(role)
                    .isEqualTo(kinds);
        }
        assertThat(Chart.render("{rbac: {aggregate: false}}").names())
                .doesNotContain("ClusterRole/cistern-view", "ClusterRole/cistern-edit");
    }

    @Test
    void everyBindingNamesARoleAndAnAccountOfTheChart() {
        List<JsonNode> bindings = new ArrayList<>(NARROW.all("RoleBinding"));
        bindings.addAll(NARROW.all("ClusterRoleBinding"));

        assertThat(bindings).hasSize(6).allSatisfy(binding -> {
            assertThat(NARROW.names())
                    .contains(binding.at("/roleRef/kind").asText() + "/"
                            + binding.at("/roleRef/name").asText())
                    .contains("ServiceAccount/" + binding.at("/subjects/0/name").asText());
            assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(Chart.NAMESPACE);
        });
    }

    private static Set<String> verbs(List<JsonNode> rules, String group, String resource) {
        Set<String> verbs = new HashSet<>();
        rules.stream()
                .filter(r -> Chart.texts(r.path("apiGroups")).contains(group))
                .filter(r -> Chart.texts(r.path("resources")).contains(resource))
                .forEach(r -> verbs.addAll(Chart.texts(r.path("verbs"))));
        return verbs;
    }
}

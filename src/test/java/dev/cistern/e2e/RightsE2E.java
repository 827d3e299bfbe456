package dev.cistern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.e2e.AuditLog.Request;
import dev.cistern.kube.Labels;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The rights that the chart gives are those that are used, no more and no fewer: each verb that the ServiceAccounts of
 * operator and gateway may use is seen in the audit log of a life that reaches all they do.
 */
@Tag("e2e")
@Order(6)
@ExtendWith(Installation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RightsE2E {
    private static final Instant RUN_BEGAN = Instant.now();
    private static final String WIDE = "-" + Installation.NAMESPACE;

    private final KubernetesClient client = dev.cistern.testing.Cluster.client();
    private Space space;
    private Instant began;
    private Set<String> held;

    @BeforeAll
    void live() {
        assumeTrue(Programs.local(), "the audit log of this cluster cannot be read");
        space = Space.open("e2e-rights");
        began = Instant.now();
        firstStart();
        space.database("rights-sql", "postgresql", "business-512", "\"deletionPolicy\": \"Delete\"");
        space.database("rights-cache", "redis", "free-256", "\"storage\": {\"size\": \"1Gi\"}");
        space.awaitReady("rights-sql", "rights-cache");
        held = granted(client.rbac()
                .roles()
                .inNamespace(space.name())
                .withLabel(Labels.DATABASE)
                .list()
                .getItems());
        labelsAreTaken();
        exposeAndHide();
        shrink();
        anActionThatExpires();
        space.client()
                .resources(DatabaseFeature.class)
                .inNamespace(space.name())
                .delete();
        space.client().resources(Database.class).inNamespace(space.name()).delete();
        await().atMost(Space.PATIENCE).until(() -> space.all(Database.class).isEmpty());
        client.secrets().inNamespace(space.name()).withLabel(Labels.DATABASE).delete();
        // It gives its lease back.
        Installation.restart(Installation.OPERATOR);
    }

    @AfterAll
    void cleanUp() {
        if (space != null) {
            space.close();
        }
    }

    @Test
    void nothingWasForbidden() {
        for (String component : List.of(Installation.OPERATOR, Installation.GATEWAY)) {
            assertThat(AuditLog.of(Installation.account(component), RUN_BEGAN))
                    .as(component)
                    .isNotEmpty()
                    .filteredOn(r -> r.code() == 403)
                    .isEmpty();
        }
    }

    @Test
    void operatorUsesEveryRightThatItHas() {
        Set<String> used = used(Installation.OPERATOR);
        used.addAll(held);

        Set<String> anywhere = anywhere(Installation.OPERATOR);
        anywhere.addAll(home(Installation.OPERATOR));
        assertThat(anywhere).isEqualTo(used);
    }

    @Test
    void gatewayUsesEveryRightThatItHas() {
        Set<String> all = anywhere(Installation.GATEWAY);
        all.addAll(home(Installation.GATEWAY));

        assertThat(all).isEqualTo(used(Installation.GATEWAY));
    }

    // As on a cluster that never had it, but for the authority, which databases elsewhere may rely on.
    private void firstStart() {
        Programs.kubectl("-n", Installation.NAMESPACE, "scale", "deployment/" + Installation.OPERATOR, "--replicas=0");
        await().atMost(Space.PATIENCE)
                .until(() -> Installation.pods(Installation.OPERATOR).isEmpty());
        client.leases()
                .inNamespace(Installation.NAMESPACE)
                .withName(Installation.OPERATOR)
                .delete();
        client.secrets()
                .inNamespace(Installation.NAMESPACE)
                .withName("cistern-gateway-tls")
                .delete();
        Programs.kubectl("-n", Installation.NAMESPACE, "scale", "deployment/" + Installation.OPERATOR, "--replicas=1");
        Installation.restart(Installation.GATEWAY);
        await().atMost(Space.PATIENCE).until(Installation::led);
    }

    // What has lost its labels has left the operator's caches, and must be found and taken back all the same.
    private void labelsAreTaken() {
        String selector = Labels.DATABASE + "=rights-sql," + Labels.MANAGED_BY + "=" + Labels.CISTERN;
        for (String kind : List.of(
                "statefulsets",
                "services",
                "configmaps",
                "secrets",
                "serviceaccounts",
                "roles.rbac.authorization.k8s.io",
                "rolebindings.rbac.authorization.k8s.io",
                "networkpolicies",
                "poddisruptionbudgets")) {
            Programs.kubectl(
                    "-n",
                    space.name(),
                    "label",
                    "--overwrite",
                    "--field-manager=thief",
                    kind,
                    "-l",
                    selector,
                    Labels.MANAGED_BY + "=thief");
        }
        await().atMost(Space.PATIENCE)
                .until(() -> Programs.kubectl(
                                "-n",
                                space.name(),
                                "get",
                                "statefulsets,services,configmaps,secrets,serviceaccounts,roles,rolebindings,networkpolicies,poddisruptionbudgets",
                                "-l",
                                Labels.MANAGED_BY + "=thief",
                                "-o",
                                "name")
                        .lines()
                        .noneMatch(l -> l.contains("/rights-sql")));
        space.awaitReady("rights-sql");
    }

    private void exposeAndHide() {
        space.feature("rights-cache", "force-ssl");
        space.awaitFeature("rights-cache-force-ssl", FeatureStatus.ACTIVATED);
        space.feature("rights-cache", "publicly-available");
        space.awaitFeature("rights-cache-publicly-available", FeatureStatus.ACTIVATED);
        client.resources(DatabaseFeature.class)
                .inNamespace(space.name())
                .withName("rights-cache-publicly-available")
                .delete();
        await().atMost(Space.PATIENCE)
                .until(() -> space.find(DatabaseFeature.class, "rights-cache-publicly-available") == null);
    }

    // To one instance, and to more disk.
    private void shrink() {
        patch("rights-sql", "{\"spec\": {\"plan\": \"starter-1024\"}}");
        patch("rights-cache", "{\"spec\": {\"storage\": {\"size\": \"1200Mi\"}}}");
        await().atMost(Space.PATIENCE)
                .until(() -> space.ready("rights-sql")
                        && "starter-1024"
                                .equals(space.get("rights-sql").getStatus().plan()));
    }

    private void anActionThatExpires() {
        space.create(DatabaseAction.class, """
                {"apiVersion": "cistern.dev/v1alpha1", "kind": "DatabaseAction", "metadata": {"name": "short"},
                 "spec": {"databaseRef": {"name": "rights-sql"}, "action": "list-extensions", "ttlSecondsAfterFinished": 1}}""");
        await().atMost(Space.PATIENCE).until(() -> space.find(DatabaseAction.class, "short") == null);
    }

    private void patch(String database, String change) {
        client.resource(space.get(database)).patch(PatchContext.of(PatchType.JSON_MERGE), change);
    }

    private Set<String> used(String component) {
        Set<String> used = new TreeSet<>();
        for (Request request : AuditLog.of(Installation.account(component), began)) {
            // What everybody may ask about themselves, and what has no object.
            if (request.group().equals("authorization.k8s.io")
                    || request.resource().isEmpty()) {
                continue;
            }
            boolean home = request.namespace().equals(Installation.NAMESPACE);
            used.add(right(home, request.verb(), request.group(), request.resource()));
            // Server-side apply of what is not there needs both.
            if (request.verb().equals("patch") && request.code() == 201) {
                used.add(right(home, "create", request.group(), request.resource()));
            }
        }
        return used;
    }

    private Set<String> home(String component) {
        Role role = client.rbac()
                .roles()
                .inNamespace(Installation.NAMESPACE)
                .withName(component)
                .get();
        return role == null ? new TreeSet<>() : rights(true, role.getRules());
    }

    // In the watched namespaces the same rules stand in Roles.
    private Set<String> anywhere(String component) {
        List<PolicyRule> rules = new ArrayList<>(
                client.rbac().clusterRoles().withName(component + WIDE).get().getRules());
        Role role = client.rbac()
                .roles()
                .inNamespace(space.name())
                .withName(component + WIDE)
                .get();
        if (role != null) {
            rules.addAll(role.getRules());
        }
        return rights(false, rules);
    }

    private static Set<String> granted(List<Role> roles) {
        return rights(false, roles.stream().flatMap(r -> r.getRules().stream()).toList());
    }

    private static Set<String> rights(boolean home, List<PolicyRule> rules) {
        Set<String> rights = new TreeSet<>();
        for (PolicyRule rule : rules) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    rule.getVerbs().forEach(verb -> rights.add(right(home, verb, group, resource)));
                }
            }
        }
        return rights;
    }

    private static String right(boolean home, String verb, String group, String resource) {
        return "%s %s%s%s".formatted(verb, resource, group.isEmpty() ? "" : "." + group, home ? " at home" : "");
    }
}

package dev.cistern.engine.postgresql;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Workload;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The objects beside the pods: Patroni's rights, its store, its file, and the Service for clients. */
final class PatroniObjects {
    /** Label of the ConfigMaps in which Patroni keeps its state. */
    static final String STATE_LABEL = "cistern.dev/patroni";

    // Patroni's own names. We make the objects, empty, so that Patroni needs no right to create any, and so that they
    // go with the Database: stale ones would keep a new database of the same name waiting for a leader for ever.
    private static final List<String> STATE = List.of("leader", "config", "sync", "failover");
    // More than a small plan has, so that the Role does not take a right from a pod that is on its way out.
    private static final int LEAST_PODS = 3;

    private PatroniObjects() {}

    static List<HasMetadata> of(EngineContext context) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(account(context));
        objects.add(role(context));
        objects.add(binding(context));
        STATE.forEach(name -> objects.add(state(context, name)));
        objects.add(configuration(context));
        objects.add(service(context));
        return objects;
    }

    /** Name of the ConfigMap with Patroni's file. Patroni itself claims {@code <name>-config}. */
    static String file(EngineContext context) {
        return context.name() + "-patroni";
    }

    private static ServiceAccount account(EngineContext context) {
        return new ServiceAccountBuilder()
                .withMetadata(Workload.metadata(context, context.name()))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    private static Role role(EngineContext context) {
        List<String> pods = IntStream.range(
                        0, Math.max(LEAST_PODS, context.plan().instances()))
                .mapToObj(i -> Names.pod(context.name(), i))
                .toList();
        return new RoleBuilder()
                .withMetadata(Workload.metadata(context, context.name()))
                .withRules(
                        // Lists and watches go by label, so no names are possible here.
                        rule("configmaps", List.of("list", "watch"), List.of()),
                        rule("configmaps", List.of("get", "patch"), stateNames(context)),
                        rule("pods", List.of("list", "watch"), List.of()),
                        rule("pods", List.of("patch"), pods))
                .build();
    }

    private static PolicyRule rule(String resource, List<String> verbs, List<String> names) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources(resource)
                .withVerbs(verbs)
                .withResourceNames(names)
                .build();
    }

    private static RoleBinding binding(EngineContext context) {
        return new RoleBindingBuilder()
                .withMetadata(Workload.metadata(context, context.name()))
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", context.name())
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(context.name())
                .withNamespace(context.namespace())
                .endSubject()
                .build();
    }

    private static List<String> stateNames(EngineContext context) {
        return STATE.stream().map(s -> context.name() + "-" + s).toList();
    }

    private static ConfigMap state(EngineContext context, String name) {
        var meta = Workload.metadata(context, context.name() + "-" + name);
        meta.getLabels().put(STATE_LABEL, "state");
        return new ConfigMapBuilder().withMetadata(meta).build();
    }

    private static ConfigMap configuration(EngineContext context) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("login.sh", resource("login.sh"));
        data.put("login.sql", resource("login.sql"));
        data.put("patroni.yml", PatroniFile.of(context));
        return new ConfigMapBuilder()
                .withMetadata(Workload.metadata(context, file(context)))
                .withData(data)
                .build();
    }

    private static Service service(EngineContext context) {
        Map<String, String> selector = new LinkedHashMap<>(Labels.selector(context.name()));
        selector.put(Labels.ROLE, Instance.PRIMARY);
        return new ServiceBuilder()
                .withMetadata(Workload.metadata(context, context.name()))
                .withNewSpec()
                .withSelector(selector)
                .addNewPort()
                .withName(PostgresqlPods.PORT_NAME)
                .withPort(PostgresqlPods.PORT)
                .withTargetPort(new IntOrString(PostgresqlPods.PORT))
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    private static String resource(String name) {
        try (InputStream in = PatroniObjects.class.getResourceAsStream("/engine/postgresql/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks engine/postgresql/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.cistern.gateway;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.testing.Cluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.File;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * A namespace of its own on the real API server, and its administrator.
 *
 * @param admin may do everything
 * @param namespace the name
 */
record Space(KubernetesClient admin, String namespace) implements AutoCloseable {
    private static final String GROUP = "cistern.dev";

    static Space create() {
        KubernetesClient admin = Cluster.client();
        for (File crd : Objects.requireNonNull(new File("crds").listFiles((d, name) -> name.endsWith(".yaml")))) {
            var definition = admin.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .load(crd)
                    .item();
            if (admin.resource(definition).get() == null) {
                admin.resource(definition).create();
            }
        }
        String name = "gw-" + UUID.randomUUID().toString().substring(0, 8);
        admin.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("cistern.dev/test", "true")
                        .endMetadata()
                        .build())
                .create();
        return new Space(admin, name);
    }

    /** A token of a new ServiceAccount that has no rights. */
    String stranger(String account) {
        admin.serviceAccounts()
                .inNamespace(namespace)
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .endMetadata()
                        .build())
                .create();
        return admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    /** A token of a new ServiceAccount that may do this to these resources. */
    String account(String account, List<String> verbs, String... resources) {
        admin.rbac()
                .roles()
                .inNamespace(namespace)
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups(GROUP)
                        .withResources(resources)
                        .withVerbs(verbs)
                        .endRule()
                        .build())
                .create();
        admin.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", account)
                        .addNewSubject("", "ServiceAccount", account, namespace)
                        .build())
                .create();
        return stranger(account);
    }

    /** Everything that the gateway can be asked for. */
    String full(String account) {
        return account(account, List.of("*"), "databases", "databasefeatures", "databaseactions");
    }

    /** A Database as the given manager would apply it: these fields and no more. */
    Database database(String name, String spec, String manager) {
        apply("Database", name, spec, manager);
        return Objects.requireNonNull(admin.resources(Database.class)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** Any object as the given manager would apply it. The Java types would add their defaults. */
    void apply(String kind, String name, String spec, String manager) {
        admin.resource(admin.getKubernetesSerialization()
                        .unmarshal("""
                        {"apiVersion": "cistern.dev/v1alpha1", "kind": "%s",
                         "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(kind, name, namespace, spec), GenericKubernetesResource.class))
                .fieldManager(manager)
                .serverSideApply();
    }

    /** Writes a status by hand, as the operator would. */
    void status(String name, String status) {
        admin.resources(Database.class)
                .inNamespace(namespace)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": " + status + "}");
    }

    void featureStatus(String name, String status) {
        admin.resources(DatabaseFeature.class)
                .inNamespace(namespace)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": " + status + "}");
    }

    List<DatabaseFeature> features() {
        return admin.resources(DatabaseFeature.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    List<DatabaseAction> actions() {
        return admin.resources(DatabaseAction.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    @Override
    public void close() {
        admin.namespaces().withName(namespace).delete();
    }
}

package dev.cistern.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** Databases as a tool that works from Git applies them: these fields and no others. */
final class Manifests {
    static final String MANAGER = "a-git-tool";

    private Manifests() {}

    static void apply(Space space, String name, String spec) {
        space.client()
                .resource(space.client()
                        .getKubernetesSerialization()
                        .unmarshal("""
                        {"apiVersion": "cistern.dev/v1alpha1", "kind": "Database",
                         "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(name, space.name(), spec), GenericKubernetesResource.class))
                .fieldManager(MANAGER)
                .serverSideApply();
    }
}

package dev.cistern.api;

import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What no annotation can say in a generated CRD: conditions are a map by type (so that appliers of different conditions
 * do not overwrite each other), parameters and results hold any JSON, and whole numbers stay integers.
 */
public class CrdSchema implements CRDPostProcessor {
    private static final Set<String> ANY_JSON = Set.of(".spec.params", ".status.result");

    @Override
    public HasMetadata process(HasMetadata crd, String version) {
        if (crd instanceof CustomResourceDefinition definition) {
            definition.getSpec().getVersions().forEach(v -> walk("", v.getSchema()
                    .getOpenAPIV3Schema()));
        }
        return crd;
    }

    private static void walk(String path, @Nullable JSONSchemaProps schema) {
        if (schema == null) {
            return;
        }
        // A rule on a record component is found twice, on the field and on its accessor.
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        }
        if (path.equals(".status.conditions")) {
            schema.setXKubernetesListType("map");
            schema.setXKubernetesListMapKeys(List.of("type"));
            schema.getItems()
                    .getSchema()
                    .setRequired(List.of("lastTransitionTime", "message", "reason", "status", "type"));
        }
        if (ANY_JSON.contains(path)) {
            schema.setType(null);
            schema.setXKubernetesPreserveUnknownFields(true);
            schema.setProperties(null);
        }
        if ("integer".equals(schema.getType()) && schema.getFormat() == null) {
            schema.setFormat("int64");
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, child) -> walk(path + "." + name, child));
        }
        if (schema.getItems() != null) {
            walk(path + "[]", schema.getItems().getSchema());
        }
    }
}

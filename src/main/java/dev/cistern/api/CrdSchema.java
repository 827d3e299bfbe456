package dev.cistern.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What no annotation can say in a generated CRD: conditions are a map by type (so that appliers of different conditions
 * do not overwrite each other), parameters and results hold any JSON, whole numbers stay integers, columns come in the
 * order in which they were declared, and the kinds themselves are described.
 */
public class CrdSchema implements CRDPostProcessor {
    private static final Set<String> ANY_JSON = Set.of(".spec.params", ".status.result");

    private static final Map<String, Class<?>> KINDS = Map.of(
            "Database", Database.class,
            "DatabaseFeature", DatabaseFeature.class,
            "DatabaseAction", DatabaseAction.class,
            "DatabaseBackup", DatabaseBackup.class,
            "DatabaseUser", DatabaseUser.class);

    private static final Map<String, String> KIND_TEXTS = Map.of(
            "Database", "A database: PostgreSQL, MySQL, MongoDB, Redis or InfluxDB.",
            "DatabaseFeature", "A switch of a Database, such as force-ssl. Without one the engine's default holds.",
            "DatabaseAction", "One thing done once to a Database, such as listing its running queries.",
            "DatabaseBackup", "One backup of a Database. Deleting it deletes the stored data.",
            "DatabaseUser", "A login to a Database beside the default one.");

    private static final Map<String, String> CONDITION_TEXTS = Map.of(
            "type", "What the condition is about.",
            "status", "True, False or Unknown.",
            "reason", "One CamelCase word for programs.",
            "message", "A sentence for people.",
            "lastTransitionTime", "When the status last changed, RFC 3339.",
            "observedGeneration", "Generation of the spec that the condition is about.");

    @Override
    public HasMetadata process(HasMetadata crd, String version) {
        if (crd instanceof CustomResourceDefinition definition) {
            String kind = definition.getSpec().getNames().getKind();
            for (CustomResourceDefinitionVersion v : definition.getSpec().getVersions()) {
                orderColumns(kind, v);
                JSONSchemaProps root = v.getSchema().getOpenAPIV3Schema();
                root.setDescription(KIND_TEXTS.get(kind));
                property(root, "spec").setDescription("What is wanted; only its user writes it.");
                property(root, "status").setDescription("What is known; only Cistern writes it.");
                walk("", root);
            }
        }
        return crd;
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private static void orderColumns(String kind, CustomResourceDefinitionVersion version) {
        List<String> declared = Arrays.stream(Objects.requireNonNull(KINDS.get(kind), kind)
                        .getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        version.getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt((CustomResourceColumnDefinition c) -> declared.indexOf(c.getName())));
    }

    private static void walk(String path, @Nullable JSONSchemaProps schema) {
        if (schema == null) {
            return;
        }
        // A rule on a record component is found twice, on the field and on its accessor.
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        }
        if (path.equals(".status.conditions")) {
            conditions(schema);
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

    private static void conditions(JSONSchemaProps schema) {
        schema.setXKubernetesListType("map");
        schema.setXKubernetesListMapKeys(List.of("type"));
        JSONSchemaProps item = schema.getItems().getSchema();
        item.setRequired(List.of("lastTransitionTime", "message", "reason", "status", "type"));
        item.getProperties().forEach((name, property) -> property.setDescription(CONDITION_TEXTS.get(name)));
    }
}

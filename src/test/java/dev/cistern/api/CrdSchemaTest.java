package dev.cistern.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every schema must have, whatever its fields. */
class CrdSchemaTest {
    static Stream<Class<? extends HasMetadata>> kinds() {
        return Crds.KINDS.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void kubectlExplainsEveryField(Class<? extends HasMetadata> kind) {
        // When
        List<String> silent = new ArrayList<>();
        walk("", Crds.schema(kind), (path, schema) -> {
            if (schema.getDescription() == null || schema.getDescription().isBlank()) {
                silent.add(path);
            }
        });

        // Then
        assertThat(silent).as("fields without a description").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void descriptionsAreSentences(Class<? extends HasMetadata> kind) {
        walk(
                "",
                Crds.schema(kind),
                (path, schema) -> assertThat(schema.getDescription())
                        .as("description of %s", path)
                        .endsWith(".")
                        .doesNotContain("  "));
    }

    // The API server refuses a CRD whose rules might cost too much, and it can only tell from bounds.
    @ParameterizedTest
    @MethodSource("kinds")
    void stringsOfASpecAreBounded(Class<? extends HasMetadata> kind) {
        walk(".spec", Crds.property(Crds.schema(kind), "spec"), (path, schema) -> {
            if ("string".equals(schema.getType()) && schema.getEnum() == null) {
                assertThat(schema.getMaxLength()).as("maxLength of %s", path).isNotNull();
            }
            if ("array".equals(schema.getType())) {
                assertThat(schema.getMaxItems()).as("maxItems of %s", path).isNotNull();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void rulesTellWhatIsWrong(Class<? extends HasMetadata> kind) {
        walk("", Crds.schema(kind), (path, schema) -> {
            if (schema.getXKubernetesValidations() != null) {
                assertThat(schema.getXKubernetesValidations())
                        .as("rules of %s", path)
                        .doesNotHaveDuplicates()
                        .allSatisfy(rule -> assertThat(rule.getMessage()).isNotBlank());
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void conditionsAreAMapByType(Class<? extends HasMetadata> kind) {
        JSONSchemaProps status = Crds.property(Crds.schema(kind), "status");
        assertThat(status.getProperties()).containsKey("observedGeneration");
        assertThat(Crds.property(status, "conditions").getXKubernetesListMapKeys())
                .containsExactly("type");
    }

    private static void walk(
            String path, @Nullable JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> visitor) {
        if (schema == null) {
            return;
        }
        visitor.accept(path, schema);
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, child) -> walk(path + "." + name, child, visitor));
        }
        JSONSchemaProps item =
                schema.getItems() == null ? null : schema.getItems().getSchema();
        if (item != null && item.getProperties() != null) {
            item.getProperties().forEach((name, child) -> walk(path + "[]." + name, child, visitor));
        }
    }
}

package dev.cistern.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records carry what the manifests say, no more and no less. */
class RecordsTest {
    private static final Path FULL = Path.of("src/test/resources/crd/full");

    // The record keeps these absent: nothing reads them before the API server has filled them in.
    private static final Set<String> SERVER_ONLY = Set.of(".spec.backupStore.region", ".spec.backupStore.pathStyle");

    static Stream<Class<? extends HasMetadata>> kinds() {
        return Crds.KINDS.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyFieldSurvivesTheRoundTrip(Class<? extends HasMetadata> kind) throws IOException {
        // Given
        JsonNode manifest = Serialization.unmarshal(full(kind), JsonNode.class);

        // When
        HasMetadata object = Serialization.unmarshal(full(kind), kind);

        // Then
        assertThat(Serialization.<JsonNode>unmarshal(Serialization.asYaml(object), JsonNode.class))
                .isEqualTo(manifest);
        assertThat(paths("", Crds.schema(kind)).keySet())
                .as("fields of the CRD that the manifest with every field lacks")
                .allSatisfy(path -> assertThat(at(manifest, path)).as(path).isNotNull());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void fieldsOfANewerVersionAreIgnored(Class<? extends HasMetadata> kind) throws IOException {
        // Given: every object of the manifest (errors is a map) has a field that these types do not know
        String newer =
                full(kind).replaceAll("(?m)^( *)((?!errors)[A-Za-z]+):$(?!\\n *-)", "$1$2:\n$1  fromTheFuture: 1");

        // When
        HasMetadata object = Serialization.unmarshal(newer, kind);

        // Then
        assertThat(newer).contains("  fromTheFuture: 1");
        assertThat(object.getMetadata().getName()).isEqualTo("full");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void defaultsAreThoseOfTheCrd(Class<? extends HasMetadata> kind) throws IOException {
        // Given: all that has a default is taken out of the manifest
        Map<String, JSONSchemaProps> defaults = paths(".spec", Crds.property(Crds.schema(kind), "spec"));
        defaults.values().removeIf(schema -> schema.getDefault() == null);
        JsonNode manifest = Serialization.unmarshal(full(kind), JsonNode.class);
        defaults.keySet().forEach(path -> remove(manifest, path));

        // When
        HasMetadata object = Serialization.unmarshal(Serialization.asYaml(manifest), kind);

        // Then
        JsonNode filled = Serialization.unmarshal(Serialization.asYaml(object), JsonNode.class);
        defaults.forEach((path, schema) -> {
            if (!SERVER_ONLY.contains(path)) {
                assertThat(Objects.requireNonNull(at(filled, path), path).asText())
                        .as("default of %s", path)
                        .isEqualTo(schema.getDefault().asText());
            }
        });
    }

    private static String full(Class<? extends HasMetadata> kind) throws IOException {
        return Files.readString(FULL.resolve(HasMetadata.getSingular(kind) + ".yaml"));
    }

    /** Fields by path; what is any JSON, or a map of the user's keys, ends the path. */
    private static Map<String, JSONSchemaProps> paths(String path, JSONSchemaProps schema) {
        Map<String, JSONSchemaProps> found = new TreeMap<>();
        JSONSchemaProps item =
                schema.getItems() == null ? schema : schema.getItems().getSchema();
        if (!path.isEmpty()) {
            found.put(path, schema);
        }
        if (item.getProperties() != null) {
            item.getProperties().forEach((name, child) -> found.putAll(paths(path + "." + name, child)));
        }
        return found;
    }

    private static JsonNode at(JsonNode root, String path) {
        JsonNode node = root;
        for (String name : path.substring(1).split("\\.", -1)) {
            node = node.isArray() ? node.get(0).get(name) : node.get(name);
            if (node == null) {
                throw new AssertionError(path + " is missing");
            }
        }
        return node;
    }

    private static void remove(JsonNode root, String path) {
        int dot = path.lastIndexOf('.');
        JsonNode parent = dot == 0 ? root : at(root, path.substring(0, dot));
        ((ObjectNode) parent).remove(path.substring(dot + 1));
    }
}

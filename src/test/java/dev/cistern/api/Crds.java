package dev.cistern.api;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The CRDs as the Java types make them, in the same way as the build does. */
public final class Crds {
    /** The kinds. */
    public static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Database.class, DatabaseFeature.class, DatabaseAction.class, DatabaseBackup.class, DatabaseUser.class);

    private Crds() {}

    /** The text of each CRD by the name of its file. */
    public static Map<String, String> generate() {
        try {
            Path directory = Files.createTempDirectory("crds");
            new CRDGenerator()
                    .customResourceClasses(List.copyOf(KINDS))
                    .withPostProcessor(new CrdSchema())
                    .forCRDVersions("v1")
                    .inOutputDir(directory.toFile())
                    .generate();
            return read(directory, "-v1.yml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of each CRD in a directory, by the name that its file has in {@code crds/}. */
    public static Map<String, String> read(Path directory, String ending) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(ending)) {
                    texts.put(name.replace(ending, ".yaml"), Files.readString(file));
                }
            }
        }
        return texts;
    }

    /** The definition of one kind. */
    public static CustomResourceDefinition definition(Class<? extends HasMetadata> kind) {
        String file = HasMetadata.getFullResourceName(kind) + ".yaml";
        return Serialization.unmarshal(generate().get(file), CustomResourceDefinition.class);
    }

    /** The schema of one kind. */
    public static JSONSchemaProps schema(Class<? extends HasMetadata> kind) {
        return definition(kind).getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    }

    /** A property that the schema must have. */
    public static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }
}

package dev.cistern.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of {@code desired/redis} is one case; {@code -Dgolden.write} writes what is expected anew. */
class ManifestsTest {
    private static final Path CASES = Path.of("src/test/resources/desired/redis");

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void desired_is_what_the_files_say(Path folder) throws IOException {
        // Given
        var context = Contexts.read(Files.readString(folder.resolve("in.yaml"))).context();

        // When
        Map<String, String> actual = new TreeMap<>();
        for (HasMetadata object : new RedisEngine().desired(context)) {
            actual.put(
                    "out-%s-%s.yaml"
                            .formatted(object.getKind(), object.getMetadata().getName()),
                    Contexts.yaml(object));
        }

        // Then
        if (System.getProperty("golden.write") != null) {
            write(folder, actual);
        }
        assertThat(expected(folder)).isEqualTo(actual);
    }

    @Test
    void same_input_same_output() throws IOException {
        var context = Contexts.read(Files.readString(CASES.resolve("default/in.yaml")))
                .context();

        assertThat(Manifests.of(context)).isEqualTo(Manifests.of(context));
    }

    private static Map<String, String> expected(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            for (Path file : list.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("in.yaml")) {
                    files.put(name, Files.readString(file));
                }
            }
        }
        return files;
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        for (String old : expected(folder).keySet()) {
            Files.delete(folder.resolve(old));
        }
        for (var file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }
}

package dev.cistern.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed CRDs are those of the Java types. With {@code -Dcrds.write=true} it writes them instead. */
class CrdsAreCurrentTest {
    @ParameterizedTest
    @ValueSource(strings = {"crds", "helm/files/crds"})
    void committedAndGeneratedAreTheSame(String directory) throws IOException {
        // Given
        Map<String, String> generated = Crds.generate();
        if (Boolean.getBoolean("crds.write")) {
            write(Path.of(directory), generated);
        }

        // When
        Map<String, String> committed = Crds.read(Path.of(directory), ".yaml");

        // Then
        assertThat(generated).hasSameSizeAs(Crds.KINDS);
        assertThat(committed.keySet())
                .as("files in %s/: run make crds", directory)
                .isEqualTo(generated.keySet());
        committed.forEach((file, text) -> assertThat(text)
                .as("%s/%s is not what the Java types say: run make crds", directory, file)
                .isEqualTo(generated.get(file)));
    }

    private static void write(Path directory, Map<String, String> texts) throws IOException {
        Files.createDirectories(directory);
        for (var entry : texts.entrySet()) {
            Files.writeString(directory.resolve(entry.getKey()), entry.getValue());
        }
    }
}

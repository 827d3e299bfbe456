package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cistern.tls.Certificates;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Same input, same YAML. {@code -Dgolden.write=true} writes the files anew, to be read in the diff. */
class DesiredTest {
    private static final ObjectMapper YAML = YAMLMapper.builder(new YAMLFactory()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE))
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final boolean WRITE = Boolean.getBoolean("golden.write");

    static Stream<Path> cases() throws IOException {
        return Files.list(Contexts.DESIRED).sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsTheFiles(Path folder) throws IOException {
        Map<String, String> desired = new TreeMap<>();
        for (HasMetadata object :
                new PostgresqlEngine(new Certificates(Clock.systemUTC())).desired(Contexts.of(folder))) {
            String file = "out-" + object.getKind() + "-" + object.getMetadata().getName() + ".yaml";
            assertThat(desired.put(file, YAML.writeValueAsString(object)))
                    .as(file)
                    .isNull();
        }
        if (WRITE) {
            write(folder, desired);
        }
        Map<String, String> there = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !f.endsWith("in.yaml")).toList()) {
                there.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(there.keySet()).isEqualTo(desired.keySet());
        desired.forEach((file, text) -> assertThat(there.get(file)).as(file).isEqualTo(text));
    }

    private static void write(Path folder, Map<String, String> desired) throws IOException {
        try (Stream<Path> old = Files.list(folder)) {
            for (Path file : old.filter(f -> !f.endsWith("in.yaml")).toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, String> file : desired.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }
}

package dev.cistern.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Reads the files beside the tests. */
final class Fixtures {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final KubernetesSerialization OBJECTS = new KubernetesSerialization();

    private Fixtures() {}

    static <T> T object(String file, Class<T> type) {
        return OBJECTS.unmarshal(open(file), type);
    }

    static JsonNode yaml(String file) {
        return read(YAML, file);
    }

    static JsonNode json(String file) {
        return read(JSON, file);
    }

    static JsonNode text(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(ObjectMapper mapper, String file) {
        try (InputStream in = open(file)) {
            return mapper.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String file) {
        return Objects.requireNonNull(Fixtures.class.getResourceAsStream("/rest/" + file), file);
    }
}

package dev.cistern.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The chart as Helm renders it. */
public final class Chart {
    /** Where it lies. */
    public static final Path PATH = Path.of("helm");
    /** Namespace that it is rendered for. */
    public static final String NAMESPACE = "cistern-system";

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final List<JsonNode> objects;

    private Chart(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** Renders the chart with these values, YAML, over its own. */
    public static Chart render(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            Files.writeString(file, values);
            String text = new Helm(PATH)
                    .template()
                    .withName("cistern")
                    .withNamespace(NAMESPACE)
                    // Without a cluster Helm believes in one of long ago.
                    .withKubeVersion("1.36.0")
                    .withValuesFile(file)
                    .call();
            Files.delete(file);
            return new Chart(documents(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a YAML stream that are not empty. */
    public static List<JsonNode> documents(String text) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        }
    }

    /** All objects. */
    public Stream<JsonNode> objects() {
        return objects.stream();
    }

    /** The objects of one kind. */
    public List<JsonNode> all(String kind) {
        return objects().filter(kind(kind)).toList();
    }

    /** The one object of this kind and name. */
    public JsonNode one(String kind, String name) {
        return objects()
                .filter(kind(kind))
                .filter(o -> name(o).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the chart renders no " + kind + " " + name));
    }

    /** Kind and name of every object. */
    public List<String> names() {
        return objects().map(o -> o.path("kind").asText() + "/" + name(o)).toList();
    }

    /** The rules of all roles of a kind whose name begins like this. */
    public List<JsonNode> rules(String kind, String prefix) {
        return objects()
                .filter(kind(kind))
                .filter(o -> name(o).startsWith(prefix))
                .flatMap(o -> stream(o.path("rules")))
                .toList();
    }

    /** The value of an environment variable of the only container of a Deployment; "" when it is not set. */
    public String env(String deployment, String name) {
        return stream(container(deployment).path("env"))
                .filter(e -> e.path("name").asText().equals(name))
                .map(e -> e.path("value").asText())
                .findFirst()
                .orElse("");
    }

    /** The only container of a Deployment. */
    public JsonNode container(String deployment) {
        return one("Deployment", deployment).at("/spec/template/spec/containers/0");
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static List<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::asText).toList();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static Predicate<JsonNode> kind(String kind) {
        return o -> o.path("kind").asText().equals(kind);
    }
}

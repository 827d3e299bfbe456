package dev.cistern.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** Reads from an object who wrote which of its fields. */
final class FieldOwners {
    /** The name under which the gateway writes. */
    static final String GATEWAY = "cistern-gateway";

    private static final String SPEC = "f:spec";
    private static final String PREFIX = "f:";

    private FieldOwners() {}

    /**
     * The part of the spec that the gateway has applied before. An apply must name all of it again, or the API server
     * takes the rest away.
     */
    static ObjectNode applied(JsonNode object) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (JsonNode entry : object.at("/metadata/managedFields")) {
            if (GATEWAY.equals(entry.path("manager").asText())
                    && "Apply".equals(entry.path("operation").asText())) {
                copy(entry.path("fieldsV1").path(SPEC), object.path("spec"), result);
            }
        }
        return result;
    }

    /** Somebody other than the gateway who wrote the spec, if there is one. */
    static Optional<String> other(JsonNode object) {
        for (JsonNode entry : object.at("/metadata/managedFields")) {
            String manager = entry.path("manager").asText();
            if (!GATEWAY.equals(manager) && entry.path("fieldsV1").has(SPEC)) {
                return Optional.of(manager);
            }
        }
        return Optional.empty();
    }

    private static void copy(JsonNode fields, JsonNode from, ObjectNode to) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!field.getKey().startsWith(PREFIX)) {
                continue;
            }
            String name = field.getKey().substring(PREFIX.length());
            JsonNode value = from.get(name);
            if (value == null) {
                continue;
            }
            if (value.isObject() && !field.getValue().isEmpty()) {
                copy(field.getValue(), value, to.withObjectProperty(name));
            } else {
                to.set(name, value);
            }
        }
    }
}

package dev.cistern.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what the API server has against a write into what REST says about it. */
final class Conflicts {
    private static final Pattern MANAGER = Pattern.compile("conflict with \"([^\"]+)\"");
    private static final String CLIENT_SIDE_APPLY = "kubectl-client-side-apply";
    private static final String LAST_APPLIED =
            "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * A field that somebody else owns.
     *
     * @param pointer into the spec
     * @param manager who
     */
    record Conflict(String pointer, String manager) {}

    private Conflicts() {}

    /** The fields that an apply ran into. */
    static List<Conflict> of(ApiServer.Answer answer) {
        List<Conflict> conflicts = new ArrayList<>();
        for (JsonNode cause : answer.body().at("/details/causes")) {
            Matcher manager = MANAGER.matcher(cause.path("message").asText());
            if ("FieldManagerConflict".equals(cause.path("reason").asText()) && manager.find()) {
                conflicts.add(new Conflict(pointer(cause.path("field").asText()), manager.group(1)));
            }
        }
        return conflicts;
    }

    /**
     * Whether nobody really wants these fields: kubectl's older way of applying owns every default next to what the
     * manifest names, and its annotation tells the two apart.
     */
    static boolean onlyDefaults(List<Conflict> conflicts, JsonNode object) {
        if (conflicts.isEmpty()) {
            return false;
        }
        JsonNode manifest = lastApplied(object);
        return manifest.isObject()
                && conflicts.stream()
                        .allMatch(c -> c.manager().equals(CLIENT_SIDE_APPLY)
                                && manifest.path("spec").at(c.pointer()).isMissingNode());
    }

    /** The refusal that an unsuccessful write deserves. */
    static Refusal refuse(ApiServer.Answer answer, String resource) {
        String message = answer.body().path("message").asText("the Kubernetes API server refused");
        return switch (answer.code()) {
            case 401 -> Refusal.unauthenticated("the token is not valid");
            case 403 -> Refusal.forbidden(message);
            case 404 -> Refusal.notFound(resource);
            case 409 -> Refusal.conflict(managed(of(answer), message));
            case 400, 422 -> Refusal.invalid(fields(answer, resource, message));
            default -> Refusal.unavailable("the Kubernetes API server answered " + answer.code());
        };
    }

    private static String managed(List<Conflict> conflicts, String message) {
        return conflicts.stream()
                .map(c -> DatabaseChange.restName(c.pointer()) + " is managed by " + c.manager() + ", change it there")
                .reduce((a, b) -> a + "; " + b)
                .orElse(message);
    }

    private static Map<String, List<String>> fields(ApiServer.Answer answer, String resource, String message) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        for (JsonNode cause : answer.body().at("/details/causes")) {
            errors.computeIfAbsent(
                            DatabaseChange.restName(pointer(cause.path("field").asText())), f -> new ArrayList<>())
                    .add(cause.path("message").asText());
        }
        return errors.isEmpty() ? Map.of(resource, List.of(message)) : errors;
    }

    /** {@code .spec.a.b} and {@code spec.a.b} are both {@code /a/b}. */
    private static String pointer(String field) {
        String path = field.startsWith(".") ? field.substring(1) : field;
        String inSpec = path.startsWith("spec.") ? path.substring("spec.".length()) : path;
        return "/" + inSpec.replace('.', '/');
    }

    private static JsonNode lastApplied(JsonNode object) {
        try {
            return MAPPER.readTree(object.at(LAST_APPLIED).asText("null"));
        } catch (JsonProcessingException e) {
            // Somebody broke it: then it proves nothing.
            return MAPPER.nullNode();
        }
    }
}

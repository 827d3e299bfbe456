package dev.cistern.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What every refusal looks like; existing clients need an object even where they only look at the status.
 *
 * @param ok 0 where the action endpoint answers
 * @param error what is wrong, for people
 * @param code what is wrong, for programs
 * @param resource what was not found
 * @param errors what is wrong with each field
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Error")
public record ErrorBody(
        @Nullable Integer ok,
        String error,
        @Nullable String code,
        @Nullable String resource,
        @Nullable Map<String, List<String>> errors) {

    static ErrorBody of(String error, String code) {
        return new ErrorBody(null, error, code, null, null);
    }

    static ErrorBody invalid(Map<String, List<String>> errors) {
        return new ErrorBody(null, summary(errors), "invalid", null, errors);
    }

    static ErrorBody invalidAction(Map<String, List<String>> errors) {
        return new ErrorBody(0, summary(errors), "invalid", null, errors);
    }

    static ErrorBody notFound(String resource) {
        return new ErrorBody(null, "not found", "not_found", resource, null);
    }

    private static String summary(Map<String, List<String>> errors) {
        return errors.entrySet().stream()
                .map(e -> e.getKey() + " " + String.join(", ", e.getValue()))
                .sorted()
                .reduce((a, b) -> a + "; " + b)
                .orElse("invalid request");
    }
}

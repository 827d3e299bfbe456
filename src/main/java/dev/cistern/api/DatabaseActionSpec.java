package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do once. Immutable as a whole.
 *
 * @param databaseRef the Database
 * @param action what to do
 * @param params its parameters, any JSON
 * @param deadlineSeconds seconds after which it is given up
 * @param ttlSecondsAfterFinished seconds after its end until the object is removed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(value = "self == oldSelf", message = "a DatabaseAction is done once: create another one")
public record DatabaseActionSpec(
        @JsonPropertyDescription("The Database, in the same namespace.") @Required
        DatabaseRef databaseRef,

        @JsonPropertyDescription(
                "What to do, such as list-extensions, pg-list-queries or pg-cancel-query; which actions there are depends on the engine.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        String action,

        @JsonPropertyDescription("Parameters of the action: an object, a string, or nothing.") @Nullable
        JsonNode params,

        @JsonPropertyDescription("Seconds after which the action is given up and Failed.")
        @Default("30")
        @Min(1)
        @Max(86400)
        Integer deadlineSeconds,

        @JsonPropertyDescription("Seconds after its end until this object is removed.")
        @Default("3600")
        @Min(0)
        @Max(2592000)
        Integer ttlSecondsAfterFinished) {

    public DatabaseActionSpec {
        deadlineSeconds = deadlineSeconds == null ? Integer.valueOf(30) : deadlineSeconds;
        ttlSecondsAfterFinished = ttlSecondsAfterFinished == null ? Integer.valueOf(3600) : ttlSecondsAfterFinished;
    }
}

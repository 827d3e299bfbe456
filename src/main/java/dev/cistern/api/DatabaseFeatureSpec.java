package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A switch of one Database.
 *
 * @param databaseRef the Database; immutable
 * @param feature the switch; immutable
 * @param enabled whether it is on; false switches a feature off that is on by default
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.databaseRef == oldSelf.databaseRef",
        message = "databaseRef is immutable: create another DatabaseFeature",
        fieldPath = ".databaseRef")
@ValidationRule(
        value = "self.feature == oldSelf.feature",
        message = "feature is immutable: create another DatabaseFeature",
        fieldPath = ".feature")
public record DatabaseFeatureSpec(
        @JsonPropertyDescription("The Database, in the same namespace. Immutable.") @Required
        DatabaseRef databaseRef,

        @JsonPropertyDescription(
                "The feature: force-ssl and publicly-available for every engine (publicly-available needs force-ssl), redis-rdb, redis-aof and redis-cache for Redis. Immutable.")
        @Required
        Feature feature,

        @JsonPropertyDescription(
                "Whether the feature is on. false switches off a feature that is on by default; deleting the object goes back to the default.")
        @Default("true")
        Boolean enabled) {

    public DatabaseFeatureSpec {
        enabled = enabled == null ? Boolean.TRUE : enabled;
    }
}

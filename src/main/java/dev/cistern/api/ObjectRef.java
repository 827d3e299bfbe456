package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A reference to an object of the same namespace.
 *
 * @param name the object's name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObjectRef(
        @JsonPropertyDescription("Name of the object in the same namespace.") @Required @Size(min = 1, max = 253)
        String name) {}

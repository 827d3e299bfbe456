package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A reference to a Database of the same namespace; other namespaces cannot be named.
 *
 * @param name the Database's name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DatabaseRef(
        @JsonPropertyDescription("Name of a Database in the same namespace.")
        @Required
        @Size(min = 1, max = 40)
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        String name) {}

package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * The volume of each database node.
 *
 * @param size capacity; absent means what the plan gives; can only grow
 * @param className StorageClass; absent means the cluster's default; immutable
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Storage(
        @JsonPropertyDescription(
                "Capacity of the volume of each node, such as 10Gi. Absent: what the plan gives. It can only grow, and only where the StorageClass allows expansion.")
        @Nullable
        Quantity size,

        @JsonPropertyDescription("StorageClass of the volumes. Absent: the cluster's default class. Immutable.")
        @Size(min = 1, max = 253)
        @Nullable
        String className) {}

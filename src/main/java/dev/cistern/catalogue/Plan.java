package dev.cistern.catalogue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Set;

/**
 * A size that a Database can have.
 *
 * @param name such as {@code starter-512}
 * @param engines engines it is offered for; empty means all
 * @param instances database nodes
 * @param memoryMiB memory of each node in MiB; the pod's limit, and what engine settings follow from
 * @param cpu cpu request of each node
 * @param disk volume of each node when the Database names no size
 * @param backups how many backups are kept
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Plan(
        String name, Set<String> engines, int instances, int memoryMiB, Quantity cpu, Quantity disk, Backups backups) {

    public Plan {
        engines = engines == null ? Set.of() : Set.copyOf(engines);
        instances = instances == 0 ? 1 : instances;
        backups = backups == null ? new Backups(7, 4, 0, 10) : backups;
    }

    /**
     * How many backups are kept.
     *
     * @param daily daily ones
     * @param weekly weekly ones
     * @param monthly monthly ones
     * @param manual manual ones
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Backups(int daily, int weekly, int monthly, int manual) {}

    /** Whether the plan is offered for this engine. */
    public boolean offers(String engine) {
        return engines.isEmpty() || engines.contains(engine);
    }
}

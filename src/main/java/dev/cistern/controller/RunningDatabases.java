package dev.cistern.controller;

import dev.cistern.controller.Resolution.Resolved;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last reconciliation of each Database found, for the controllers of features and actions. Only a cache: it is
 * filled again by the first reconciliation after a start.
 */
@ApplicationScoped
class RunningDatabases {
    /**
     * One database.
     *
     * @param resolved what it means
     * @param serving whether it answered its clients
     * @param exposure address outside the cluster, when a public Service exists and has one
     */
    record Running(Resolved resolved, boolean serving, Optional<PublicEndpoint.Address> exposure) {}

    private final Map<ResourceID, Running> databases = new ConcurrentHashMap<>();

    void put(Running running) {
        databases.put(ResourceID.fromResource(running.resolved().context().database()), running);
    }

    void remove(HasMetadata database) {
        databases.remove(ResourceID.fromResource(database));
    }

    Optional<Running> find(String name, String namespace) {
        return Optional.ofNullable(databases.get(new ResourceID(name, namespace)));
    }
}

package dev.cistern.gateway;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseFeature;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway knows of the cluster: all Databases and DatabaseFeatures, and those DatabaseActions that this replica
 * made. Results of actions can be long, so other replicas' ones and those made by kubectl are left out.
 */
@ApplicationScoped
class Mirrors {
    /** Label on an action that says which replica waits for it. */
    static final String GATEWAY_LABEL = "cistern.dev/gateway";

    private final KubernetesClient client;
    private final String replica = UUID.randomUUID().toString();
    private volatile @Nullable Started started;

    private record Started(
            Mirror<Database> databases, Mirror<DatabaseFeature> features, Mirror<DatabaseAction> actions) {
        boolean synced() {
            return databases.synced() && features.synced() && actions.synced();
        }
    }

    Mirrors(KubernetesClient client) {
        this.client = client;
    }

    /** Begins to watch; returns at once. */
    void start() {
        started = new Started(
                new Mirror<>(
                        client.resources(Database.class).inAnyNamespace().runnableInformer(0),
                        database -> DatabaseId.of(database).all()),
                new Mirror<>(
                        client.resources(DatabaseFeature.class).inAnyNamespace().runnableInformer(0),
                        feature -> List.of(key(
                                feature.getMetadata().getNamespace(),
                                feature.getSpec().databaseRef().name()))),
                new Mirror<>(
                        client.resources(DatabaseAction.class)
                                .inAnyNamespace()
                                .withLabel(GATEWAY_LABEL, replica)
                                .runnableInformer(0),
                        action -> List.of()));
    }

    void stop() {
        Started mirrors = started;
        if (mirrors != null) {
            mirrors.databases().stop();
            mirrors.features().stop();
            mirrors.actions().stop();
        }
    }

    /** Whether everything has been read once. */
    boolean synced() {
        return Optional.ofNullable(started).map(Started::synced).orElse(false);
    }

    /** Value of {@link #GATEWAY_LABEL} for this replica. */
    String replica() {
        return replica;
    }

    Mirror<Database> databases() {
        return running().databases();
    }

    Mirror<DatabaseFeature> features() {
        return running().features();
    }

    Mirror<DatabaseAction> actions() {
        return running().actions();
    }

    /** The DatabaseFeatures of a Database. */
    List<DatabaseFeature> featuresOf(Database database) {
        return features()
                .byKey(key(
                        database.getMetadata().getNamespace(),
                        database.getMetadata().getName()));
    }

    private Started running() {
        Started mirrors = started;
        if (mirrors == null || !mirrors.synced()) {
            throw Refusal.unavailable("the gateway is starting, try again later");
        }
        return mirrors;
    }

    private static String key(String namespace, String database) {
        return namespace + "/" + database;
    }
}

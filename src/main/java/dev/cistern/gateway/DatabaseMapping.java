package dev.cistern.gateway;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseSpec;
import dev.cistern.api.DatabaseStatus;
import dev.cistern.api.Feature;
import dev.cistern.api.MaintenanceWindow;
import dev.cistern.api.Phase;
import dev.cistern.engine.FeatureDefault;
import dev.cistern.gateway.DatabaseBody.FeatureBody;
import dev.cistern.gateway.DatabaseBody.InstanceBody;
import dev.cistern.gateway.DatabaseBody.WindowBody;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a Database into what REST shows of it. Pure. */
final class DatabaseMapping {
    private static final int ID_LENGTH = 24;
    private static final String DATA_NODE = "db-node";

    private DatabaseMapping() {}

    static DatabaseBody.Wrapped map(
            Database database,
            List<DatabaseFeature> objects,
            Map<Feature, FeatureDefault> defaults,
            Optional<String> operation) {
        DatabaseId id = DatabaseId.of(database);
        DatabaseSpec spec = database.getSpec();
        DatabaseStatus status = Optional.ofNullable(database.getStatus()).orElseGet(DatabaseStatus::empty);
        Phase phase = status.phase() == null ? Phase.CREATING : status.phase();
        String engine = spec.engine().id();
        Optional<DatabaseStatus.VersionStatus> version = Optional.ofNullable(status.version());
        List<InstanceBody> instances = instances(status);
        return new DatabaseBody.Wrapped(new DatabaseBody(
                id.id(),
                id.resource(),
                Objects.requireNonNullElse(
                        spec.appName(), database.getMetadata().getNamespace()),
                database.getMetadata().getCreationTimestamp(),
                false,
                features(database, objects, defaults),
                spec.plan(),
                phase.id(),
                stableId(engine),
                engine,
                versionId(engine, version.map(DatabaseStatus.VersionStatus::readable)),
                versionId(engine, version.map(DatabaseStatus.VersionStatus::next)),
                instances,
                version.map(DatabaseStatus.VersionStatus::readable).orElse(null),
                hostname(status),
                operation.orElse(null),
                instances.stream().filter(i -> DATA_NODE.equals(i.type())).count() > 1,
                spec.periodicBackups().enabled(),
                spec.periodicBackups().scheduledAt(),
                new WindowBody(
                        spec.maintenanceWindow().weekdayUtc(),
                        spec.maintenanceWindow().startingHourUtc(),
                        MaintenanceWindow.DURATION_HOURS)));
    }

    /** An id that is the same in every cluster, for things that are no objects. */
    static String stableId(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String versionId(String engine, Optional<String> readable) {
        return readable.map(r -> stableId(engine + "/" + r)).orElse(null);
    }

    private static List<FeatureBody> features(
            Database database, List<DatabaseFeature> objects, Map<Feature, FeatureDefault> defaults) {
        return FeatureState.listed(database, objects, defaults).stream()
                .map(s -> new FeatureBody(
                        s.feature().id(), s.status().orElseThrow().name()))
                .toList();
    }

    private static List<InstanceBody> instances(DatabaseStatus status) {
        List<DatabaseStatus.InstanceStatus> instances = status.instances();
        return instances == null
                ? List.of()
                : instances.stream()
                        .map(i -> new InstanceBody(i.id(), i.hostname(), i.port(), i.status(), i.type()))
                        .toList();
    }

    private static @Nullable String hostname(DatabaseStatus status) {
        DatabaseStatus.Endpoint endpoint = status.endpoint();
        if (endpoint == null || endpoint.host() == null || endpoint.port() == null) {
            return null;
        }
        return endpoint.host() + ":" + endpoint.port();
    }
}

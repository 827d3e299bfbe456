package dev.cistern.feature;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureSpec;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.DatabaseRef;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.status.Conditions;
import dev.cistern.status.Reason;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** DatabaseFeatures for tests. */
public final class Features {
    private Features() {}

    /** Without a status. */
    public static DatabaseFeature written(String name, Feature feature, boolean enabled) {
        DatabaseFeature object = new DatabaseFeature();
        object.getMetadata().setName(name);
        object.getMetadata().setUid("uid-" + name);
        object.getMetadata().setGeneration(1L);
        object.setSpec(new DatabaseFeatureSpec(new DatabaseRef("orders"), feature, enabled));
        return object;
    }

    /** Enabled, and where it stands. */
    public static DatabaseFeature standing(Feature feature, @Nullable FeatureStatus status, Reason reason) {
        return standing(written(feature.id(), feature, true), status, reason);
    }

    /** The same, where it stands. */
    public static DatabaseFeature standing(DatabaseFeature object, @Nullable FeatureStatus status, Reason reason) {
        object.setStatus(new DatabaseFeatureStatus(
                status,
                "",
                null,
                new Conditions(null, 1L, Clock.systemUTC())
                        .set(Conditions.READY, status == FeatureStatus.ACTIVATED, reason, "")
                        .build(),
                1L));
        return object;
    }

    /** The same, being deleted. */
    public static DatabaseFeature going(DatabaseFeature object) {
        object.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        return object;
    }
}

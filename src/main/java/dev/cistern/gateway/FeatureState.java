package dev.cistern.gateway;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.DatabaseStatus;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.engine.FeatureDefault;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where one feature of one Database stands, put together from the switch and from what the Database reports. A switch
 * that nobody has acted on yet counts as pending, so that a client which polls after its own change never reads the
 * state from before.
 *
 * @param feature which
 * @param wanted whether it ought to be on
 * @param status what is known; empty when it is off
 * @param object the switch, if there is one
 */
record FeatureState(Feature feature, boolean wanted, Optional<FeatureStatus> status, Optional<DatabaseFeature> object) {

    /** Every feature that is on, on its way, or failed, in the order of {@link Feature}. */
    static List<FeatureState> listed(
            Database database, List<DatabaseFeature> objects, Map<Feature, FeatureDefault> defaults) {
        return Stream.of(Feature.values())
                .map(f -> of(f, database, objects, defaults))
                .filter(s -> s.status().isPresent())
                .toList();
    }

    /** One feature. */
    static FeatureState of(
            Feature feature, Database database, List<DatabaseFeature> objects, Map<Feature, FeatureDefault> defaults) {
        // Of several switches for one feature the first one counts; the others are failed by the operator.
        Optional<DatabaseFeature> object = objects.stream()
                .filter(o -> o.getSpec().feature() == feature)
                .min(Comparator.comparing((DatabaseFeature o) -> o.getMetadata().getCreationTimestamp())
                        .thenComparing(o -> o.getMetadata().getName()));
        Optional<FeatureStatus> reported = reported(feature, database);
        boolean byDefault = defaults.get(feature) == FeatureDefault.ON;
        if (object.isEmpty()) {
            return new FeatureState(feature, byDefault, reported, object);
        }
        DatabaseFeature given = object.get();
        boolean leaving = given.getMetadata().getDeletionTimestamp() != null;
        boolean wanted = leaving ? byDefault : given.getSpec().enabled();
        if (!leaving && acted(given)) {
            Optional<FeatureStatus> own = Optional.ofNullable(given.getStatus())
                    .map(DatabaseFeatureStatus::status)
                    .or(() -> wanted ? Optional.of(FeatureStatus.PENDING_TO_ACTIVATE) : Optional.empty());
            return new FeatureState(feature, wanted, own, object);
        }
        return new FeatureState(feature, wanted, pending(wanted, reported), object);
    }

    /** Whether it is on and its effect has been seen. */
    boolean activated() {
        return wanted && status.filter(FeatureStatus.ACTIVATED::equals).isPresent();
    }

    private static Optional<FeatureStatus> pending(boolean wanted, Optional<FeatureStatus> reported) {
        boolean on = reported.filter(FeatureStatus.ACTIVATED::equals).isPresent();
        if (wanted) {
            return Optional.of(on ? FeatureStatus.ACTIVATED : FeatureStatus.PENDING_TO_ACTIVATE);
        }
        return reported.map(r -> FeatureStatus.PENDING_TO_REMOVE);
    }

    private static boolean acted(DatabaseFeature object) {
        DatabaseFeatureStatus status = object.getStatus();
        return status != null
                && (status.observedGeneration() == null
                        || status.observedGeneration()
                                .equals(object.getMetadata().getGeneration()));
    }

    private static Optional<FeatureStatus> reported(Feature feature, Database database) {
        return Optional.ofNullable(database.getStatus()).map(DatabaseStatus::features).stream()
                .flatMap(List::stream)
                .filter(f -> f.name() == feature)
                .findFirst()
                .map(DatabaseStatus.FeatureState::status);
    }
}

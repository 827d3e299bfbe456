package dev.cistern.feature;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.engine.FeatureDefault;
import dev.cistern.status.Conditions;
import dev.cistern.status.Reason;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which features of one database are to be on, from the objects that its users wrote. Pure, so that the controller that
 * puts them in force and the one that proves them cannot disagree.
 *
 * @param objects the object that decides each feature: the oldest that names it
 * @param on the features to put in force
 * @param refused why a feature stays as it is although its object says otherwise
 */
public record FeaturePlan(Map<Feature, DatabaseFeature> objects, Set<Feature> on, Map<Feature, String> refused) {

    /**
     * @param defaults the engine's features
     * @param written all DatabaseFeatures of the database, oldest first
     * @param exposed whether the database can be reached from outside now
     */
    public static FeaturePlan of(
            Map<Feature, FeatureDefault> defaults, List<DatabaseFeature> written, boolean exposed) {
        Map<Feature, DatabaseFeature> objects = new EnumMap<>(Feature.class);
        // One that goes makes room at once for a second one of the same feature, so that the feature itself never goes.
        written.stream()
                .filter(f -> !going(f))
                .forEach(f -> objects.putIfAbsent(f.getSpec().feature(), f));
        written.forEach(f -> objects.putIfAbsent(f.getSpec().feature(), f));
        Set<Feature> on = EnumSet.noneOf(Feature.class);
        defaults.forEach((feature, byDefault) -> {
            if (wanted(byDefault, Optional.ofNullable(objects.get(feature)))) {
                on.add(feature);
            }
        });
        Map<Feature, String> refused = new EnumMap<>(Feature.class);
        interlock(objects, on, refused, exposed);
        return new FeaturePlan(Map.copyOf(objects), Set.copyOf(on), Map.copyOf(refused));
    }

    /** Whether a feature would be on if nothing stood in its way. */
    public static boolean wanted(FeatureDefault byDefault, Optional<DatabaseFeature> object) {
        return object.filter(o -> !going(o)).map(o -> o.getSpec().enabled()).orElse(byDefault == FeatureDefault.ON);
    }

    // Never open without TLS: exposure waits for proof of force-ssl, and force-ssl stays until exposure has ended.
    private static void interlock(
            Map<Feature, DatabaseFeature> objects, Set<Feature> on, Map<Feature, String> refused, boolean exposed) {
        if (exposed && !on.contains(Feature.FORCE_SSL)) {
            on.add(Feature.FORCE_SSL);
            refused.put(
                    Feature.FORCE_SSL,
                    "force-ssl stays on while publicly-available is: remove publicly-available first");
        }
        Optional<DatabaseFeature> tls = Optional.ofNullable(objects.get(Feature.FORCE_SSL));
        // An open database stays open, at its address, while force-ssl cannot be seen: when it restarts or is
        // suspended.
        boolean mayBeOpen = on.contains(Feature.FORCE_SSL)
                && (exposed
                        ? tls.filter(FeaturePlan::disproven).isEmpty()
                        : tls.filter(FeaturePlan::proven).isPresent());
        if (on.contains(Feature.PUBLICLY_AVAILABLE) && !mayBeOpen) {
            on.remove(Feature.PUBLICLY_AVAILABLE);
            refused.put(
                    Feature.PUBLICLY_AVAILABLE,
                    "publicly-available needs force-ssl to be ACTIVATED first: enable force-ssl");
        }
    }

    private static boolean proven(DatabaseFeature object) {
        return status(object).filter(FeatureStatus.ACTIVATED::equals).isPresent();
    }

    private static boolean disproven(DatabaseFeature object) {
        return status(object).filter(FeatureStatus.FAILED::equals).isPresent()
                && Conditions.find(object.getStatus().conditions(), Conditions.READY)
                        .filter(c -> Reason.ProbeFailed.name().equals(c.getReason()))
                        .isPresent();
    }

    private static boolean going(DatabaseFeature object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    private static Optional<FeatureStatus> status(DatabaseFeature object) {
        return Optional.ofNullable(object.getStatus()).flatMap(s -> Optional.ofNullable(s.status()));
    }

    /** Whether this object decides its feature; a second one for the same feature does not. */
    public boolean decides(DatabaseFeature object) {
        DatabaseFeature first = objects.get(object.getSpec().feature());
        return first != null
                && first.getMetadata().getUid().equals(object.getMetadata().getUid());
    }
}

package dev.cistern.feature;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.engine.FeatureDefault;
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
     */
    public static FeaturePlan of(Map<Feature, FeatureDefault> defaults, List<DatabaseFeature> written) {
        Map<Feature, DatabaseFeature> objects = new EnumMap<>(Feature.class);
        written.forEach(f -> objects.putIfAbsent(f.getSpec().feature(), f));
        Set<Feature> on = EnumSet.noneOf(Feature.class);
        defaults.forEach((feature, byDefault) -> {
            if (wanted(byDefault, Optional.ofNullable(objects.get(feature)))) {
                on.add(feature);
            }
        });
        Map<Feature, String> refused = new EnumMap<>(Feature.class);
        interlock(objects, on, refused);
        return new FeaturePlan(Map.copyOf(objects), Set.copyOf(on), Map.copyOf(refused));
    }

    /** Whether a feature would be on if nothing stood in its way. */
    public static boolean wanted(FeatureDefault byDefault, Optional<DatabaseFeature> object) {
        return object.filter(o -> o.getMetadata().getDeletionTimestamp() == null)
                .map(o -> o.getSpec().enabled())
                .orElse(byDefault == FeatureDefault.ON);
    }

    // Never open without TLS: exposure waits for proof of force-ssl, and force-ssl stays until exposure has ended.
    private static void interlock(
            Map<Feature, DatabaseFeature> objects, Set<Feature> on, Map<Feature, String> refused) {
        DatabaseFeature exposure = objects.get(Feature.PUBLICLY_AVAILABLE);
        boolean exposed = exposure != null
                && (on.contains(Feature.PUBLICLY_AVAILABLE) && proven(exposure)
                        || status(exposure)
                                .filter(FeatureStatus.PENDING_TO_REMOVE::equals)
                                .isPresent());
        if (exposed && !on.contains(Feature.FORCE_SSL)) {
            on.add(Feature.FORCE_SSL);
            refused.put(
                    Feature.FORCE_SSL,
                    "force-ssl stays on while publicly-available is: remove publicly-available first");
        }
        DatabaseFeature tls = objects.get(Feature.FORCE_SSL);
        boolean tlsProven = tls != null && on.contains(Feature.FORCE_SSL) && proven(tls);
        if (on.contains(Feature.PUBLICLY_AVAILABLE) && !tlsProven) {
            on.remove(Feature.PUBLICLY_AVAILABLE);
            refused.put(
                    Feature.PUBLICLY_AVAILABLE,
                    "publicly-available needs force-ssl to be ACTIVATED first: enable force-ssl");
        }
    }

    private static boolean proven(DatabaseFeature object) {
        return status(object).filter(FeatureStatus.ACTIVATED::equals).isPresent();
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

package dev.cistern.controller;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.DatabaseStatus.FeatureState;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.FeatureDefault;
import dev.cistern.status.Conditions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a Database's status says of its features. */
final class FeatureStates {
    private FeatureStates() {}

    static List<FeatureState> of(Resolved resolved, Outcome outcome) {
        return resolved.engine().features().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(e -> feature(resolved, e.getKey(), e.getValue(), outcome).stream())
                .toList();
    }

    private static Optional<FeatureState> feature(
            Resolved resolved, Feature feature, FeatureDefault byDefault, Outcome outcome) {
        DatabaseFeature object = resolved.features().objects().get(feature);
        if (object != null) {
            return written(resolved, feature, object);
        }
        if (byDefault == FeatureDefault.OFF) {
            return Optional.empty();
        }
        boolean seen = outcome.serving() && outcome.configuration() instanceof Configuration.InForce;
        return Optional.of(
                new FeatureState(feature, seen ? FeatureStatus.ACTIVATED : FeatureStatus.PENDING_TO_ACTIVATE));
    }

    // Its own controller says where it stands; until it has, what it is on its way to.
    private static Optional<FeatureState> written(Resolved resolved, Feature feature, DatabaseFeature object) {
        DatabaseFeatureStatus status = object.getStatus();
        if (status != null && status.status() != null) {
            return Optional.of(new FeatureState(feature, status.status()));
        }
        if (status != null && Conditions.isTrue(status.conditions(), Conditions.READY)) {
            return Optional.empty();
        }
        return Optional.of(new FeatureState(
                feature,
                resolved.features().on().contains(feature)
                        ? FeatureStatus.PENDING_TO_ACTIVATE
                        : FeatureStatus.PENDING_TO_REMOVE));
    }
}

package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureSpec;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.DatabaseRef;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.engine.FeatureDefault;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeatureStateTest {
    private static final Database DATABASE = Fixtures.object("database.yaml", Database.class);
    private static final Map<Feature, FeatureDefault> DEFAULTS =
            Map.of(Feature.FORCE_SSL, FeatureDefault.OFF, Feature.REDIS_RDB, FeatureDefault.ON);

    @Test
    void withoutASwitchTheDefaultHolds() {
        assertThat(state(Feature.REDIS_RDB).activated()).isTrue();
        assertThat(state(Feature.FORCE_SSL).wanted()).isFalse();
        assertThat(state(Feature.FORCE_SSL).status()).isEmpty();
    }

    @Test
    void aNewSwitchIsPendingBeforeAnybodyHasSeenIt() {
        FeatureState on = state(Feature.FORCE_SSL, feature("a", Feature.FORCE_SSL, true, null, 1));
        FeatureState off = state(Feature.REDIS_RDB, feature("a", Feature.REDIS_RDB, false, null, 1));

        assertThat(on.status()).contains(FeatureStatus.PENDING_TO_ACTIVATE);
        assertThat(off.status()).contains(FeatureStatus.PENDING_TO_REMOVE);
    }

    @Test
    void aSwitchSpeaksForItselfOnceItIsActedOn() {
        assertThat(state(Feature.FORCE_SSL, feature("a", Feature.FORCE_SSL, true, FeatureStatus.FAILED, 1))
                        .status())
                .contains(FeatureStatus.FAILED);
        assertThat(state(Feature.FORCE_SSL, feature("a", Feature.FORCE_SSL, true, FeatureStatus.ACTIVATED, 1))
                        .activated())
                .isTrue();
    }

    @Test
    void aStatusAboutAnOlderSpecDoesNotCount() {
        DatabaseFeature changed = feature("a", Feature.FORCE_SSL, true, FeatureStatus.FAILED, 2);

        assertThat(state(Feature.FORCE_SSL, changed).status()).contains(FeatureStatus.PENDING_TO_ACTIVATE);
    }

    @Test
    void aSwitchOnItsWayOutGoesBackToTheDefault() {
        DatabaseFeature leaving = feature("a", Feature.FORCE_SSL, true, FeatureStatus.ACTIVATED, 1);
        leaving.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

        assertThat(state(Feature.FORCE_SSL, leaving).wanted()).isFalse();
    }

    @Test
    void theFirstOfTwoSwitchesCounts() {
        DatabaseFeature first = feature("z", Feature.FORCE_SSL, true, FeatureStatus.ACTIVATED, 1);
        DatabaseFeature second = feature("a", Feature.FORCE_SSL, true, FeatureStatus.FAILED, 1);
        second.getMetadata().setCreationTimestamp("2026-02-02T00:00:00Z");

        assertThat(state(Feature.FORCE_SSL, second, first).status()).contains(FeatureStatus.ACTIVATED);
    }

    @Test
    void aFailedFeatureStaysListed() {
        List<FeatureState> listed = FeatureState.listed(
                DATABASE, List.of(feature("a", Feature.FORCE_SSL, true, FeatureStatus.FAILED, 1)), DEFAULTS);

        assertThat(listed).extracting(FeatureState::feature).containsExactly(Feature.FORCE_SSL, Feature.REDIS_RDB);
    }

    private static FeatureState state(Feature feature, DatabaseFeature... objects) {
        return FeatureState.of(feature, DATABASE, List.of(objects), DEFAULTS);
    }

    private static DatabaseFeature feature(
            String name, Feature feature, boolean enabled, @Nullable FeatureStatus status, long generation) {
        DatabaseFeature object = new DatabaseFeature();
        object.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("my-space")
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .withGeneration(generation)
                .build());
        object.setSpec(new DatabaseFeatureSpec(new DatabaseRef("my-db"), feature, enabled));
        if (status != null) {
            object.setStatus(new DatabaseFeatureStatus(status, null, null, null, 1L));
        }
        return object;
    }
}

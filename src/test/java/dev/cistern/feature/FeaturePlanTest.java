package dev.cistern.feature;

import static dev.cistern.api.Feature.FORCE_SSL;
import static dev.cistern.api.Feature.PUBLICLY_AVAILABLE;
import static dev.cistern.api.Feature.REDIS_AOF;
import static dev.cistern.api.Feature.REDIS_RDB;
import static dev.cistern.api.FeatureStatus.ACTIVATED;
import static dev.cistern.api.FeatureStatus.FAILED;
import static dev.cistern.api.FeatureStatus.PENDING_TO_ACTIVATE;
import static dev.cistern.feature.Features.going;
import static dev.cistern.feature.Features.standing;
import static dev.cistern.feature.Features.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.Feature;
import dev.cistern.engine.FeatureDefault;
import dev.cistern.status.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeaturePlanTest {
    private static final Map<Feature, FeatureDefault> DEFAULTS = Map.of(
            FORCE_SSL, FeatureDefault.OFF,
            PUBLICLY_AVAILABLE, FeatureDefault.OFF,
            REDIS_RDB, FeatureDefault.ON);

    private static final DatabaseFeature EXPOSURE = written("public", PUBLICLY_AVAILABLE, true);

    @Test
    void defaults_hold_where_nothing_is_written() {
        assertThat(closed().on()).containsExactly(REDIS_RDB);
    }

    @Test
    void an_object_switches_on_and_off_and_a_deleted_one_goes_back_to_the_default() {
        assertThat(closed(written("a", FORCE_SSL, true)).on()).contains(FORCE_SSL);
        assertThat(closed(written("a", REDIS_RDB, false)).on()).isEmpty();
        assertThat(closed(going(written("a", REDIS_RDB, false))).on()).contains(REDIS_RDB);
        assertThat(closed(going(written("a", FORCE_SSL, true))).on()).doesNotContain(FORCE_SSL);
    }

    @Test
    void what_the_engine_does_not_have_is_never_on() {
        assertThat(closed(written("a", REDIS_AOF, true)).on()).doesNotContain(REDIS_AOF);
    }

    @Test
    void the_oldest_object_decides() {
        DatabaseFeature first = written("a", FORCE_SSL, false);
        DatabaseFeature second = written("b", FORCE_SSL, true);
        FeaturePlan plan = closed(first, second);
        assertThat(plan.on()).doesNotContain(FORCE_SSL);
        assertThat(plan.decides(first)).isTrue();
        assertThat(plan.decides(second)).isFalse();
    }

    @Test
    void the_second_decides_as_soon_as_the_first_goes() {
        DatabaseFeature first = going(written("a", FORCE_SSL, true));
        DatabaseFeature second = written("b", FORCE_SSL, true);
        FeaturePlan plan = closed(first, second);
        assertThat(plan.on()).contains(FORCE_SSL);
        assertThat(plan.decides(second)).isTrue();
    }

    @Test
    void exposure_waits_for_proof_of_tls() {
        assertThat(closed(EXPOSURE).refused()).containsKey(PUBLICLY_AVAILABLE);
        FeaturePlan pending = closed(EXPOSURE, standing(FORCE_SSL, PENDING_TO_ACTIVATE, Reason.Pending));
        assertThat(pending.on()).contains(FORCE_SSL).doesNotContain(PUBLICLY_AVAILABLE);
        assertThat(pending.refused())
                .containsEntry(
                        PUBLICLY_AVAILABLE,
                        "publicly-available needs force-ssl to be ACTIVATED first: enable force-ssl");
        FeaturePlan proven = closed(EXPOSURE, standing(FORCE_SSL, ACTIVATED, Reason.Activated));
        assertThat(proven.on()).contains(FORCE_SSL, PUBLICLY_AVAILABLE);
        assertThat(proven.refused()).isEmpty();
    }

    @Test
    void a_proof_of_tls_that_is_to_go_opens_nothing() {
        DatabaseFeature off = standing(written("tls", FORCE_SSL, false), ACTIVATED, Reason.Activated);
        assertThat(closed(EXPOSURE, off).on()).doesNotContain(PUBLICLY_AVAILABLE, FORCE_SSL);
        assertThat(closed(EXPOSURE, going(standing(FORCE_SSL, ACTIVATED, Reason.Activated)))
                        .on())
                .doesNotContain(PUBLICLY_AVAILABLE, FORCE_SSL);
    }

    @Test
    void an_open_database_keeps_tls_until_it_is_closed() {
        DatabaseFeature tls = standing(FORCE_SSL, ACTIVATED, Reason.Activated);
        for (FeaturePlan plan : List.of(
                open(EXPOSURE, going(tls)),
                open(EXPOSURE),
                open(going(written("public", PUBLICLY_AVAILABLE, true)), going(tls)))) {
            assertThat(plan.on()).contains(FORCE_SSL);
            assertThat(plan.refused())
                    .containsEntry(
                            FORCE_SSL,
                            "force-ssl stays on while publicly-available is: remove publicly-available first");
        }
        assertThat(open(EXPOSURE, going(tls)).on()).contains(PUBLICLY_AVAILABLE);
        assertThat(open(going(written("public", PUBLICLY_AVAILABLE, true))).on())
                .doesNotContain(PUBLICLY_AVAILABLE);
        assertThat(closed(going(tls)).on()).doesNotContain(FORCE_SSL);
    }

    @Test
    void an_open_database_stays_open_while_tls_cannot_be_seen() {
        assertThat(open(EXPOSURE, standing(FORCE_SSL, PENDING_TO_ACTIVATE, Reason.Pending))
                        .on())
                .contains(PUBLICLY_AVAILABLE);
        assertThat(open(EXPOSURE, standing(FORCE_SSL, FAILED, Reason.Unproven)).on())
                .contains(PUBLICLY_AVAILABLE);
        assertThat(open(EXPOSURE, written("tls", FORCE_SSL, true)).on()).contains(PUBLICLY_AVAILABLE);
    }

    @Test
    void an_open_database_is_closed_when_plaintext_is_seen() {
        FeaturePlan plan = open(EXPOSURE, standing(FORCE_SSL, FAILED, Reason.ProbeFailed));
        assertThat(plan.on()).contains(FORCE_SSL).doesNotContain(PUBLICLY_AVAILABLE);
        assertThat(plan.refused()).containsKey(PUBLICLY_AVAILABLE);
    }

    private static FeaturePlan closed(DatabaseFeature... written) {
        return FeaturePlan.of(DEFAULTS, List.of(written), false);
    }

    private static FeaturePlan open(DatabaseFeature... written) {
        return FeaturePlan.of(DEFAULTS, List.of(written), true);
    }
}

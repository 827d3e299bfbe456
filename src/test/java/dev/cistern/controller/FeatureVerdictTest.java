package dev.cistern.controller;

import static dev.cistern.api.Feature.FORCE_SSL;
import static dev.cistern.api.Feature.PUBLICLY_AVAILABLE;
import static dev.cistern.api.FeatureStatus.ACTIVATED;
import static dev.cistern.api.FeatureStatus.FAILED;
import static dev.cistern.api.FeatureStatus.PENDING_TO_ACTIVATE;
import static dev.cistern.api.FeatureStatus.PENDING_TO_REMOVE;
import static dev.cistern.feature.Features.going;
import static dev.cistern.feature.Features.standing;
import static dev.cistern.feature.Features.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.engine.FeatureDefault;
import dev.cistern.engine.Sighting;
import dev.cistern.feature.FeaturePlan;
import dev.cistern.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureVerdictTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LONG_AGO = NOW.minus(FeatureVerdict.PATIENCE);
    private static final Sighting ON = Sighting.on("seen on");
    private static final Sighting OFF = Sighting.off("seen off");
    private static final Sighting UNCLEAR = Sighting.unclear("silent");

    private final DatabaseFeature fresh = written("tls", FORCE_SSL, true);
    private final DatabaseFeature active = standing(FORCE_SSL, ACTIVATED, Reason.Activated);

    @Test
    void activated_only_when_seen() {
        assertThat(verdict(fresh, ON, NOW)).isEqualTo(new FeatureVerdict(ACTIVATED, Reason.Activated, "seen on", true));
        assertThat(verdict(fresh, OFF, NOW).status()).isEqualTo(PENDING_TO_ACTIVATE);
        assertThat(verdict(fresh, UNCLEAR, NOW).status()).isEqualTo(PENDING_TO_ACTIVATE);
    }

    @Test
    void failed_when_not_seen_for_too_long() {
        assertThat(verdict(fresh, OFF, LONG_AGO))
                .isEqualTo(new FeatureVerdict(FAILED, Reason.ProbeFailed, "seen off", false));
        assertThat(verdict(fresh, UNCLEAR, LONG_AGO))
                .isEqualTo(new FeatureVerdict(FAILED, Reason.Unproven, "silent", false));
    }

    @Test
    void silence_of_a_moment_proves_nothing_but_the_opposite_does() {
        assertThat(verdict(active, UNCLEAR, NOW).status()).isEqualTo(ACTIVATED);
        assertThat(verdict(active, UNCLEAR, NOW).settled()).isTrue();
        assertThat(verdict(active, UNCLEAR, LONG_AGO).reason()).isEqualTo(Reason.Unproven);
        assertThat(verdict(active, OFF, NOW).reason()).isEqualTo(Reason.ProbeFailed);
    }

    @Test
    void off_is_settled_when_seen() {
        DatabaseFeature off = standing(written("tls", FORCE_SSL, false), ACTIVATED, Reason.Activated);
        assertThat(verdict(off, ON, NOW).status()).isEqualTo(PENDING_TO_REMOVE);
        assertThat(verdict(off, OFF, NOW).status()).isNull();
        assertThat(verdict(off, OFF, NOW).settled()).isTrue();
        assertThat(verdict(off, ON, LONG_AGO).status()).isEqualTo(FAILED);
        assertThat(verdict(going(active), OFF, NOW).settled()).isTrue();
    }

    @Test
    void a_refusal_is_told_whatever_is_seen() {
        DatabaseFeature exposure = written("public", PUBLICLY_AVAILABLE, true);
        FeaturePlan plan = plan(false, exposure);
        assertThat(FeatureVerdict.of(exposure, plan, OFF, NOW, NOW).reason()).isEqualTo(Reason.Refused);
        assertThat(FeatureVerdict.of(exposure, plan, OFF, NOW, NOW).status()).isEqualTo(FAILED);
        assertThat(FeatureVerdict.suspended(exposure, plan).status()).isEqualTo(FAILED);
    }

    @Test
    void what_may_not_go_is_activated_and_refused() {
        DatabaseFeature exposure = written("public", PUBLICLY_AVAILABLE, true);
        FeaturePlan plan = plan(true, exposure, going(active));
        FeatureVerdict verdict = FeatureVerdict.of(active, plan, ON, NOW, NOW);
        assertThat(verdict.status()).isEqualTo(ACTIVATED);
        assertThat(verdict.reason()).isEqualTo(Reason.Refused);
        assertThat(verdict.settled()).isFalse();
        assertThat(FeatureVerdict.suspended(active, plan).reason()).isEqualTo(Reason.Refused);
        assertThat(FeatureVerdict.suspended(active, plan).status()).isEqualTo(PENDING_TO_ACTIVATE);
    }

    @Test
    void nothing_is_proven_while_suspended() {
        assertThat(FeatureVerdict.suspended(fresh, plan(false, fresh)))
                .isEqualTo(new FeatureVerdict(
                        PENDING_TO_ACTIVATE,
                        Reason.Pending,
                        "the database is suspended: it takes effect when it starts",
                        false));
    }

    private static FeatureVerdict verdict(DatabaseFeature object, Sighting seen, Instant since) {
        return FeatureVerdict.of(object, plan(false, object), seen, since.plus(Duration.ZERO), NOW);
    }

    private static FeaturePlan plan(boolean exposed, DatabaseFeature... written) {
        return FeaturePlan.of(
                Map.of(FORCE_SSL, FeatureDefault.OFF, PUBLICLY_AVAILABLE, FeatureDefault.OFF),
                List.of(written),
                exposed);
    }
}

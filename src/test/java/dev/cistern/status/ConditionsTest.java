package dev.cistern.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Clock EARLY = Clock.fixed(Instant.parse("2026-01-01T00:00:00.9Z"), ZoneOffset.UTC);
    private static final Clock LATE = Clock.fixed(Instant.parse("2026-01-01T01:00:00Z"), ZoneOffset.UTC);

    private final List<Condition> before = new Conditions(null, 1L, EARLY)
            .set(Conditions.READY, true, Reason.Serving, "serves")
            .build();

    @Test
    void a_time_has_no_fractions() {
        assertThat(before.getFirst().getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(before.getFirst().getObservedGeneration()).isEqualTo(1L);
    }

    @Test
    void the_time_moves_only_with_the_status() {
        Condition same = new Conditions(before, 2L, LATE)
                .set(Conditions.READY, true, Reason.Starting, "another word")
                .build()
                .getFirst();
        assertThat(same.getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(same.getReason()).isEqualTo("Starting");
        Condition other = new Conditions(before, 2L, LATE)
                .set(Conditions.READY, false, Reason.NotServing, "does not")
                .build()
                .getFirst();
        assertThat(other.getLastTransitionTime()).isEqualTo("2026-01-01T01:00:00Z");
    }

    @Test
    void the_same_again_is_equal() {
        assertThat(new Conditions(before, 1L, LATE)
                        .set(Conditions.READY, true, Reason.Serving, "serves")
                        .build())
                .isEqualTo(before);
    }

    @Test
    void what_is_not_set_again_is_gone() {
        assertThat(new Conditions(before, 1L, LATE).build()).isEmpty();
    }

    @Test
    void absent_is_not_true() {
        assertThat(Conditions.isTrue(null, Conditions.READY)).isFalse();
        assertThat(Conditions.isTrue(before, Conditions.DEGRADED)).isFalse();
        assertThat(Conditions.isTrue(before, Conditions.READY)).isTrue();
    }

    @Test
    void reasons_are_words_that_the_api_accepts() {
        for (Reason reason : Reason.values()) {
            assertThat(reason.name()).matches("[A-Z][A-Za-z]*");
        }
    }
}

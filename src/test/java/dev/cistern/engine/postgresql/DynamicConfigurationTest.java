package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.api.Feature;
import dev.cistern.engine.EngineContext;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DynamicConfigurationTest {
    private final EngineContext context = Contexts.single();

    @Test
    void nothingIsSentWhenAllIsThere() {
        ObjectNode wanted = DynamicConfiguration.wanted(context, false);
        assertThat(DynamicConfiguration.patch(wanted.deepCopy(), wanted)).isEmpty();
    }

    @Test
    void keysOfOthersStay() {
        ObjectNode wanted = DynamicConfiguration.wanted(context, false);
        ObjectNode live = wanted.deepCopy();
        live.put("pause", true);
        assertThat(DynamicConfiguration.patch(live, wanted)).isEmpty();
    }

    @Test
    void onlyWhatDiffersIsSentAndForeignParametersGo() {
        ObjectNode wanted = DynamicConfiguration.wanted(context, false);
        ObjectNode live = wanted.deepCopy();
        live.put("ttl", 99);
        live.withObject("/postgresql/parameters").put("fsync", "off").put("shared_buffers", "1MB");
        ObjectNode patch = DynamicConfiguration.patch(live, wanted).orElseThrow();
        assertThat(patch).hasToString("""
                        {"ttl":30,"postgresql":{"parameters":{"shared_buffers":"128MB","fsync":null}}}""".strip());
    }

    @Test
    void theWholeListOfRulesIsSent() {
        ObjectNode plain = DynamicConfiguration.wanted(context, false);
        ObjectNode forced = DynamicConfiguration.wanted(
                Contexts.with(context, context.credentials(), Set.of(Feature.FORCE_SSL)), false);
        ObjectNode patch = DynamicConfiguration.patch(plain, forced).orElseThrow();
        assertThat(patch.at("/postgresql/pg_hba")).hasSameSizeAs(HostRules.access(true));
        assertThat(patch.at("/postgresql/parameters").properties()).hasSize(1);
    }

    @Test
    void theGenerationNamesTheWhole() {
        String one = DynamicConfiguration.generation(DynamicConfiguration.wanted(context, false));
        assertThat(one)
                .hasSize(16)
                .isEqualTo(DynamicConfiguration.generation(DynamicConfiguration.wanted(context, false)));
        assertThat(DynamicConfiguration.generation(DynamicConfiguration.wanted(context, true)))
                .isNotEqualTo(one);
    }

    @Test
    void failsafeModeIsAlwaysOn() {
        assertThat(DynamicConfiguration.wanted(context, false)
                        .get("failsafe_mode")
                        .asBoolean())
                .isTrue();
    }
}

package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostRulesTest {
    @Test
    void withForceSslNoLineLetsPlaintextIn() {
        List<String> rules = HostRules.access(true);
        assertThat(rules.getLast()).isEqualTo("hostnossl all all all reject");
        assertThat(rules).noneMatch(HostRulesTest::letsPlaintextIn);
    }

    @Test
    void withoutItClientsMayUseBoth() {
        assertThat(HostRules.access(false))
                .containsSubsequence("hostssl all all all scram-sha-256", "hostnossl all all all scram-sha-256");
    }

    @Test
    void ownLinesComeFirstAndOwnLoginsHaveNoPassword() {
        for (boolean force : new boolean[] {true, false}) {
            List<String> rules = HostRules.access(force);
            int reject = rules.indexOf("host all postgres,cistern,replicator,rewinder all reject");
            int clients = rules.indexOf("hostssl all all all scram-sha-256");
            assertThat(reject).isPositive().isLessThan(clients);
            assertThat(rules.subList(0, reject))
                    .allMatch(r -> r.startsWith("local ") && r.endsWith(" peer")
                            || r.startsWith("hostssl ") && r.contains(" cert map="));
        }
    }

    @Test
    void nobodyIsTrusted() {
        assertThat(HostRules.access(false)).noneMatch(r -> r.matches(".*\\b(trust|password|md5)\\b.*"));
        assertThat(HostRules.identities()).allMatch(r -> r.split(" ").length == 3);
    }

    private static boolean letsPlaintextIn(String rule) {
        return (rule.startsWith("host ") || rule.startsWith("hostnossl ")) && !rule.endsWith(" reject");
    }
}

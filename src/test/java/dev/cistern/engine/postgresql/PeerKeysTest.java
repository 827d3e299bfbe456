package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.tls.Certificates;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerKeysTest {
    private final Certificates now = new Certificates(Clock.systemUTC());

    @Test
    void makesAllOnceAndThenNothing() {
        Map<String, String> made = PeerKeys.complete(Map.of(), now);
        assertThat(made).containsOnlyKeys("peer-ca.crt", "peer-ca.key", "peer.crt", "peer.key");
        assertThat(PeerKeys.complete(made, now)).isEqualTo(made);
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        assertThat(PeerKeys.complete(Map.of("other", "value"), now)).containsEntry("other", "value");
    }

    @Test
    void renewsTheCertificateInTheLastThirdUnderTheSameAuthority() {
        Map<String, String> made = PeerKeys.complete(Map.of(), now);
        Map<String, String> kept = PeerKeys.complete(made, in(Duration.ofDays(240)));
        Map<String, String> renewed = PeerKeys.complete(made, in(Duration.ofDays(250)));
        assertThat(kept).isEqualTo(made);
        assertThat(renewed.get("peer.crt")).isNotEqualTo(made.get("peer.crt"));
        assertThat(renewed.get("peer-ca.crt")).isEqualTo(made.get("peer-ca.crt"));
    }

    @Test
    void aLostAuthorityCostsTheCertificateToo() {
        Map<String, String> made = PeerKeys.complete(Map.of(), now);
        Map<String, String> lost = new HashMap<>(made);
        lost.remove("peer-ca.key");
        Map<String, String> mended = PeerKeys.complete(lost, now);
        assertThat(mended.get("peer.crt")).isNotEqualTo(made.get("peer.crt"));
        assertThat(mended.get("peer-ca.crt")).isNotEqualTo(made.get("peer-ca.crt"));
    }

    private static Certificates in(Duration duration) {
        return new Certificates(Clock.offset(Clock.systemUTC(), duration));
    }
}

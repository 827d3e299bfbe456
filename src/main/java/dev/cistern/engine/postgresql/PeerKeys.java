package dev.cistern.engine.postgresql;

import dev.cistern.engine.KeySource;
import dev.cistern.engine.KeySource.KeyPairPem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one database keeps for logins by certificate: an authority of its own, so that a certificate of another database
 * opens nothing, and the certificate that Patroni's members show each other.
 */
final class PeerKeys {
    static final String AUTHORITY_CERTIFICATE = "peer-ca.crt";
    static final String PEER_CERTIFICATE = "peer.crt";
    static final String PEER_KEY = "peer.key";
    // Never mounted: with it a pod could make itself the operator's certificate.
    private static final String AUTHORITY_KEY = "peer-ca.key";

    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final double RENEW_BELOW = 1.0 / 3;

    private PeerKeys() {}

    /** What is stored, and whatever it lacks. */
    static Map<String, String> complete(Map<String, String> existing, KeySource keys) {
        Map<String, String> complete = new LinkedHashMap<>(existing);
        boolean fresh = !existing.containsKey(AUTHORITY_CERTIFICATE) || !existing.containsKey(AUTHORITY_KEY);
        if (fresh) {
            KeyPairPem authority = keys.authority("cistern-database-clients");
            complete.put(AUTHORITY_CERTIFICATE, authority.certificate());
            complete.put(AUTHORITY_KEY, authority.key());
        }
        if (fresh || peerMustGo(existing, keys)) {
            KeyPairPem peer = keys.client(authority(complete), Roles.PEER_CERTIFICATE, LIFETIME);
            complete.put(PEER_CERTIFICATE, peer.certificate());
            complete.put(PEER_KEY, peer.key());
        }
        return Map.copyOf(complete);
    }

    /** The authority in what is stored. */
    static KeyPairPem authority(Map<String, String> internal) {
        return new KeyPairPem(stored(internal, AUTHORITY_KEY), stored(internal, AUTHORITY_CERTIFICATE));
    }

    /** A short name of the authority. */
    static String fingerprint(Map<String, String> internal) {
        return DynamicConfiguration.hash(stored(internal, AUTHORITY_CERTIFICATE));
    }

    private static boolean peerMustGo(Map<String, String> existing, KeySource keys) {
        return !existing.containsKey(PEER_KEY)
                || !existing.containsKey(PEER_CERTIFICATE)
                || keys.remaining(stored(existing, PEER_CERTIFICATE)) < RENEW_BELOW;
    }

    private static String stored(Map<String, String> internal, String key) {
        String value = internal.get(key);
        if (value == null) {
            throw new IllegalStateException("the internal Secret has no " + key);
        }
        return value;
    }
}

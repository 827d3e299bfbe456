package dev.cistern.engine.postgresql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.KeySource;
import dev.cistern.engine.KeySource.KeyPairPem;
import java.time.Duration;

/** The operator's own client certificates: one for each database, short-lived, only ever in memory. */
final class OperatorKeys {
    private static final Duration LIFETIME = Duration.ofHours(24);
    private static final Duration REUSE = LIFETIME.dividedBy(2);

    private final KeySource keys;
    // By the authority's certificate, so that a database made anew under an old name gets a new one.
    private final Cache<String, KeyPairPem> cache =
            Caffeine.newBuilder().expireAfterWrite(REUSE).build();

    OperatorKeys(KeySource keys) {
        this.keys = keys;
    }

    /** A certificate that this database takes for the operator. */
    KeyPairPem of(EngineContext context) {
        KeyPairPem authority = PeerKeys.authority(context.internal());
        return cache.get(authority.certificate(), c -> keys.client(authority, Roles.OPERATOR_CERTIFICATE, LIFETIME));
    }
}

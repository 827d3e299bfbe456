package dev.cistern.gateway;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Waits, but not for long, until the gateway's copy shows what a caller has just written, so that a client which reads
 * after its own write never sees the state from before.
 */
@ApplicationScoped
class Settling {
    private static final Logger LOG = Logger.getLogger(Settling.class);
    private static final long MOST_MILLIS = 1000;

    private final Mirrors mirrors;

    Settling(Mirrors mirrors) {
        this.mirrors = mirrors;
    }

    void database(Database written) {
        await(mirrors.databases().whenSeen(written));
    }

    void feature(DatabaseFeature written) {
        await(mirrors.features().whenSeen(written));
    }

    /** Waits until the switch is gone or on its way out. */
    void deleted(DatabaseFeature object) {
        await(mirrors.features().when(object, copy -> copy.getMetadata().getDeletionTimestamp() != null));
    }

    private static void await(CompletableFuture<?> copy) {
        try {
            copy.orTimeout(MOST_MILLIS, TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            // Written it is; the copy will follow, or the object has gone again.
            LOG.debug("the copy is behind", e.getCause());
        }
    }
}

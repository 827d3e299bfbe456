package dev.cistern.engine;

import java.time.Duration;

/** How long one call to an engine may take. */
public final class Timeouts {
    /** Opening a connection. */
    public static final Duration CONNECT = Duration.ofSeconds(2);
    /** One statement or request of the operator's own. */
    public static final Duration CALL = Duration.ofSeconds(5);

    private Timeouts() {}
}

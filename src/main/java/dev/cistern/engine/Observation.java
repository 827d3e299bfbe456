package dev.cistern.engine;

/** What was seen of a database's running instances. */
public sealed interface Observation {
    /** No instance runs. */
    record Absent() implements Observation {}

    /**
     * Instances are on their way up.
     *
     * @param message what is waited for
     */
    record Starting(String message) implements Observation {}

    /** Clients are served: a login over TLS and a query were answered. */
    record Serving() implements Observation {}

    /**
     * Clients are served, but not by all instances that there should be.
     *
     * @param message which instance, and what was seen
     */
    record Impaired(String message) implements Observation {}

    /**
     * Clients are not served.
     *
     * @param message which instance, and what was seen
     */
    record Degraded(String message) implements Observation {}
}

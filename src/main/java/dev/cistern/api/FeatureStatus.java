package dev.cistern.api;

/** Where a feature stands. */
public enum FeatureStatus {
    /** Wanted; its effect has not been seen yet. */
    PENDING_TO_ACTIVATE,
    /** No longer wanted; its effect has not been seen gone yet. */
    PENDING_TO_REMOVE,
    /** Its effect has been seen on every instance. */
    ACTIVATED,
    /** It is refused, or its effect was not seen in time; the message says which. */
    FAILED
}

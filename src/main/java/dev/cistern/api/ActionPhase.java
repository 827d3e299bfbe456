package dev.cistern.api;

/** Where a {@link DatabaseAction} stands. */
public enum ActionPhase {
    /** Accepted, not begun; the message says what it waits for. */
    Pending,
    /** Begun. */
    Running,
    /** Done; the result is in status. */
    Succeeded,
    /** Not done, or given up; the error says why. */
    Failed
}

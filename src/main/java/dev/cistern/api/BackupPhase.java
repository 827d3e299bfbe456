package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a {@link DatabaseBackup} stands. */
public enum BackupPhase {
    /** It waits for its turn. */
    @JsonProperty("scheduled")
    SCHEDULED,
    /** It is being taken. */
    @JsonProperty("running")
    RUNNING,
    /** It can be restored. */
    @JsonProperty("done")
    DONE,
    /** It failed. */
    @JsonProperty("error")
    ERROR
}

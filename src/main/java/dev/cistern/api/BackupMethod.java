package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a backup was taken. */
public enum BackupMethod {
    /** Somebody asked for it. */
    @JsonProperty("manual")
    MANUAL,
    /** The schedule asked for it. */
    @JsonProperty("periodic")
    PERIODIC
}

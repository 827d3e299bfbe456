package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** One word for what a {@link Database} is doing; the conditions tell more. */
public enum Phase {
    /** It has never served yet. */
    @JsonProperty("creating")
    CREATING,
    /** It serves. */
    @JsonProperty("running")
    RUNNING,
    /** Its plan or settings are being changed. */
    @JsonProperty("updating")
    UPDATING,
    /** Its engine is being upgraded. */
    @JsonProperty("upgrading")
    UPGRADING,
    /** Its data is being moved or restored. */
    @JsonProperty("migrating")
    MIGRATING,
    /** It is suspended. */
    @JsonProperty("stopped")
    STOPPED;

    /** The word as shown in status and REST. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

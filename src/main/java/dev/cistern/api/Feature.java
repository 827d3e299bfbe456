package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The switches that a {@link DatabaseFeature} can set. Which engine has which is declared by the engine itself. */
public enum Feature {
    /** Only TLS connections are accepted. */
    @JsonProperty("force-ssl")
    FORCE_SSL,
    /** The database can be reached from outside the cluster; needs {@link #FORCE_SSL}. */
    @JsonProperty("publicly-available")
    PUBLICLY_AVAILABLE,
    /** Snapshots are written to disk; on by default. */
    @JsonProperty("redis-rdb")
    REDIS_RDB,
    /** Every write is appended to a log on disk. */
    @JsonProperty("redis-aof")
    REDIS_AOF,
    /** Least recently used keys are evicted when memory is full. */
    @JsonProperty("redis-cache")
    REDIS_CACHE;

    /** The name as written in manifests and REST bodies. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The feature of this name, if there is one. */
    public static Optional<Feature> of(String id) {
        return Arrays.stream(values()).filter(f -> f.id().equals(id)).findFirst();
    }

    @Override
    public String toString() {
        return id();
    }
}

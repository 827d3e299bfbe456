package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The database engines a {@link Database} can run. */
public enum EngineType {
    @JsonProperty("postgresql")
    POSTGRESQL,
    @JsonProperty("mysql")
    MYSQL,
    @JsonProperty("mongodb")
    MONGODB,
    @JsonProperty("redis")
    REDIS,
    @JsonProperty("influxdb")
    INFLUXDB;

    /** The name as written in manifests, labels and REST bodies. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return id();
    }
}

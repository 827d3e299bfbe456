package dev.cistern.catalogue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * One version of one engine that can be run.
 *
 * @param engine the engine's id
 * @param version the version
 * @param image the image to run
 * @param upgrades versions that can be gone to from here, besides newer ones of the same major
 * @param preferred whether a Database that names no version gets it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Release(String engine, Version version, String image, List<Version> upgrades, boolean preferred) {
    public Release {
        upgrades = upgrades == null ? List.of() : List.copyOf(upgrades);
    }

    /** Id in status and REST: {@code engine/major.minor.patch-build}. */
    public String id() {
        return engine + "/" + version.readable();
    }
}

package dev.cistern.controller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How databases are opened to the outside. */
@ConfigMapping(prefix = "cistern.public-service")
public interface PublicServiceSettings {
    /** Type of the Service: LoadBalancer or NodePort. */
    @WithDefault("LoadBalancer")
    String type();

    /** Annotations for it, as the cloud provider wants them. */
    Map<String, String> annotations();

    /** Address ranges in CIDR form that may connect; everyone when absent. */
    Optional<List<String>> allowedSourceRanges();

    /** Name or address to show to users in place of the one that the cluster reports. */
    Optional<String> host();
}

package dev.cistern.gateway;

import dev.cistern.api.Feature;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What the feature endpoints take and answer. */
public final class FeatureBodies {
    private FeatureBodies() {}

    /**
     * Asks for a feature.
     *
     * @param feature which
     */
    @Schema(name = "FeatureRequest")
    public record Request(Wanted feature) {
        /**
         * The one wanted; clients send more, which is ignored.
         *
         * @param name its name
         */
        @Schema(name = "WantedFeature")
        public record Wanted(String name) {}
    }

    /**
     * Where a feature stands that was asked for.
     *
     * @param name which
     * @param status PENDING, ACTIVATED or FAILED
     * @param message for people
     */
    @Schema(name = "FeatureEnabled")
    public record Enabled(String name, String status, String message) {
        /** Existing clients wait only when they read PENDING here, whatever the list of features says later. */
        static Enabled pending(Feature feature) {
            return new Enabled(feature.id(), "PENDING", feature.id() + " feature is being enabled");
        }
    }

    /**
     * A feature is off, or on its way.
     *
     * @param message for people
     */
    @Schema(name = "FeatureDisabled")
    public record Disabled(String message) {
        static Disabled of(Feature feature) {
            return new Disabled(feature.id() + " feature has been disabled");
        }
    }
}

package dev.cistern.engine;

/** Whether a feature is on when no DatabaseFeature names it. */
public enum FeatureDefault {
    ON,
    OFF
}

package dev.cistern.controller;

import dev.cistern.engine.Configuration;
import dev.cistern.engine.Observation;
import java.util.Optional;

/**
 * What the phases act and observe found.
 *
 * @param replacement what the replacement of instances waits for
 * @param growth how the volumes stand
 * @param configuration how the configuration stands
 * @param observation whether clients are served
 */
record Outcome(
        Optional<String> replacement, ClaimUpkeep.Growth growth, Configuration configuration, Observation observation) {

    boolean serving() {
        return observation instanceof Observation.Serving || observation instanceof Observation.Impaired;
    }

    /** Whether nothing is on its way. */
    boolean settled() {
        return replacement.isEmpty()
                && !(growth instanceof ClaimUpkeep.Growth.Growing)
                && !(configuration instanceof Configuration.Changing);
    }

    /** Whether what is wanted is what runs. */
    boolean inForce() {
        return settled() && configuration instanceof Configuration.InForce;
    }
}

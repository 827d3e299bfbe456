package dev.cistern.controller;

import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Problem;
import dev.cistern.feature.FeaturePlan;
import java.util.Map;
import java.util.Optional;

/** What a Database means, or why that cannot be said. */
sealed interface Resolution {
    /**
     * It means this.
     *
     * @param engine who runs it
     * @param context all that the engine may know
     * @param features which features are in force, and why others are not
     * @param tls content of the Secret with the server certificate
     * @param problem why it is not what the specification says now, but what it last said that made sense
     */
    record Resolved(
            Engine engine,
            EngineContext context,
            FeaturePlan features,
            Map<String, String> tls,
            Optional<Problem> problem)
            implements Resolution {
        Resolved with(Problem found) {
            return new Resolved(engine, context, features, tls, Optional.of(found));
        }

        @Override
        public String toString() {
            return "Resolved[" + context + "]";
        }
    }

    /**
     * Its user has to mend something first.
     *
     * @param problem what
     */
    record Unresolvable(Problem problem) implements Resolution {}
}

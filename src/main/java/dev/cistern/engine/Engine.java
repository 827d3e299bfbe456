package dev.cistern.engine;

import dev.cistern.api.EngineType;
import dev.cistern.api.Feature;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;

/**
 * One database engine. {@link #check} and {@link #desired} are pure; {@link #observe}, {@link #configure}, {@link
 * #probe}, {@link #handOver} and the actions speak to running instances, each with a bounded time-out and never longer
 * than {@link Timeouts#CALL} per instance.
 */
public interface Engine {
    /** Which engine this is. */
    EngineType type();

    /** What is fixed about it: ports, paths, names. */
    Profile profile();

    /** The features it can switch, and which of them are on when nobody says anything. */
    Map<Feature, FeatureDefault> features();

    /** The actions it can do, by name. */
    List<Action<?>> actions();

    /** What is wrong with the specification that the API server could not see. Empty when nothing is. */
    List<Problem> check(EngineContext context);

    /**
     * What the engine needs to keep besides the client credentials, such as a password or a certificate authority of its
     * own. It is stored in one Secret and handed back in {@link EngineContext#internal}.
     *
     * @param existing what is stored; empty at first
     * @param keys makes new ones
     * @return everything to store; the same as {@code existing} when nothing is missing
     */
    default Map<String, String> internal(Map<String, String> existing, KeySource keys) {
        return existing;
    }

    /** The objects that run the database, without the ones that all engines share. Same input, same output. */
    List<HasMetadata> desired(EngineContext context);

    /** Whether the database serves: logs in as its clients do, over TLS, and asks a real query. */
    Observation observe(EngineContext context);

    /**
     * Brings the configuration of the running instances (plan, parameters, features, certificates, logins) to what the
     * context says, live where the engine can, in the order that loses nothing, and keeps the durable form beside it.
     * Called again and again; does nothing when all is in force.
     */
    Configuration configure(EngineContext context);

    /** What can be seen of a feature from outside the instances. */
    Sighting probe(Feature feature, EngineContext context);

    /**
     * Makes another instance the primary before this one is replaced.
     *
     * @return whether the instance may be replaced now
     */
    default boolean handOver(EngineContext context, Instance primary) {
        return true;
    }

    /** Name of the logical database for the connection Secret. */
    default String database(EngineContext context) {
        return context.credentials().database();
    }

    /** What a client needs to connect, as one URI with the credentials in it, for the connection Secret only. */
    default String uri(EngineContext context) {
        Credentials c = context.credentials();
        return "%s://%s:%s@%s:%d/%s"
                .formatted(
                        type().id(),
                        c.username(),
                        c.password().value(),
                        context.host(),
                        profile().port(),
                        database(context));
    }
}

package dev.cistern.engine.redis;

import dev.cistern.api.Feature;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Sighting;
import dev.cistern.engine.redis.Wire.Plaintext;
import io.lettuce.core.RedisException;

/** What can be seen of a feature on one server. */
final class Evidence {
    private final Connections connections;

    Evidence(Connections connections) {
        this.connections = connections;
    }

    Sighting of(Feature feature, EngineContext context, Instance instance) {
        try (Session operator = connections.operator(context, instance)) {
            ServerState state = operator.state();
            if (state.persistence().loading()) {
                return Sighting.unclear(instance.name() + " is loading its data");
            }
            if (!state.durable()) {
                return Sighting.unclear(
                        instance.name() + " has not yet written the settings that it runs with to its volume");
            }
            return switch (feature) {
                case FORCE_SSL -> forceSsl(context, instance, state, operator);
                case REDIS_RDB -> snapshots(instance, state);
                case REDIS_AOF -> log(instance, state);
                case REDIS_CACHE -> eviction(instance, state);
                case PUBLICLY_AVAILABLE ->
                    throw new IllegalArgumentException("not to be seen at an instance: " + feature);
            };
        } catch (RedisException e) {
            return Sighting.unclear(instance.name() + " did not answer: " + Connections.reason(e));
        }
    }

    private Sighting forceSsl(EngineContext context, Instance instance, ServerState state, Session operator) {
        String name = instance.name();
        try (Session client = connections.client(context, instance)) {
            client.read();
        }
        Plaintext plainPort = Wire.plaintext(instance, Layout.PLAIN_PORT);
        if (plainPort == Plaintext.ANSWERED) {
            return state.live().tlsOnly()
                    ? Sighting.unclear(name + " answers plaintext although its port for it is closed")
                    : Sighting.off(name + " answers plaintext on port " + Layout.PLAIN_PORT);
        }
        if (!state.live().tlsOnly()) {
            return Sighting.unclear(name + " ought to answer plaintext, but does not");
        }
        if (Wire.plaintext(instance, Layout.TLS_PORT) == Plaintext.ANSWERED) {
            return Sighting.unclear(name + " answers plaintext on port " + Layout.TLS_PORT);
        }
        int left = operator.sessionsOn(Layout.PLAIN_PORT).size();
        return left == 0
                ? Sighting.on(name + " accepts TLS, refuses plaintext, and has no plaintext session left")
                : Sighting.unclear(name + " still has " + left + " plaintext sessions");
    }

    private static Sighting snapshots(Instance instance, ServerState state) {
        if (!state.live().rdb()) {
            return Sighting.off(instance.name() + " has no save points");
        }
        return state.persistence().snapshotOk()
                ? Sighting.on(instance.name() + " writes snapshots after "
                        + state.live().save())
                : Sighting.unclear(instance.name() + " could not write its last snapshot");
    }

    private static Sighting log(Instance instance, ServerState state) {
        if (!state.live().aof()) {
            return Sighting.off(instance.name() + " appends to no file");
        }
        return state.persistence().aofOk()
                ? Sighting.on(instance.name() + " appends every write to its file")
                : Sighting.unclear(instance.name() + " could not append its last writes");
    }

    private static Sighting eviction(Instance instance, ServerState state) {
        if (!state.live().evicts()) {
            return Sighting.off(
                    instance.name() + " has the policy " + state.live().policy());
        }
        return state.maxMemory() > 0
                ? Sighting.on(instance.name() + " evicts keys beyond " + state.maxMemory() + " bytes")
                : Sighting.unclear(instance.name() + " has no limit of memory");
    }
}

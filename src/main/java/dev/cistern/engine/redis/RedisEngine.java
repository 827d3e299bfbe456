package dev.cistern.engine.redis;

import dev.cistern.api.EngineType;
import dev.cistern.api.Feature;
import dev.cistern.engine.Action;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.Credentials;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.FeatureDefault;
import dev.cistern.engine.Instance;
import dev.cistern.engine.KeySource;
import dev.cistern.engine.Observation;
import dev.cistern.engine.Problem;
import dev.cistern.engine.Profile;
import dev.cistern.engine.Sighting;
import dev.cistern.engine.Timeouts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.lettuce.core.RedisException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Redis.
 *
 * <p>TLS is always on port 6380 and plaintext on 6379 until {@code force-ssl} closes it. {@code redis-rdb}, {@code
 * redis-aof} and {@code redis-cache} are independent: the first two say what is written to disk, the third what happens
 * when memory is full. With neither of the first two nothing is kept, and a restart begins empty.
 */
@ApplicationScoped
public class RedisEngine implements Engine {
    private static final Duration SOON = Duration.ofSeconds(2);

    private final Connections connections = new Connections(Timeouts.CALL);
    private final Reconfiguration reconfiguration = new Reconfiguration(connections);
    private final Evidence evidence = new Evidence(connections);

    @Override
    public EngineType type() {
        return EngineType.REDIS;
    }

    @Override
    public Profile profile() {
        return Layout.PROFILE;
    }

    @Override
    public Map<Feature, FeatureDefault> features() {
        return Map.of(
                Feature.FORCE_SSL, FeatureDefault.OFF,
                Feature.PUBLICLY_AVAILABLE, FeatureDefault.OFF,
                Feature.REDIS_RDB, FeatureDefault.ON,
                Feature.REDIS_AOF, FeatureDefault.OFF,
                Feature.REDIS_CACHE, FeatureDefault.OFF);
    }

    @Override
    public List<Action<?>> actions() {
        return List.of();
    }

    @Override
    public List<Problem> check(EngineContext context) {
        int instances = context.plan().instances();
        return instances == 1
                ? List.of()
                : List.of(new Problem(
                        "PlanNotSupported",
                        "Redis runs with one instance, and plan "
                                + context.plan().name() + " has " + instances + ": choose a plan with one"));
    }

    @Override
    public Map<String, String> internal(Map<String, String> existing, KeySource keys) {
        if (existing.containsKey(Logins.OPERATOR_PASSWORD)) {
            return existing;
        }
        Map<String, String> all = new HashMap<>(existing);
        all.put(Logins.OPERATOR_PASSWORD, keys.password());
        return all;
    }

    @Override
    public List<HasMetadata> desired(EngineContext context) {
        return Manifests.of(context);
    }

    /** Databases have numbers, and this is the one that a client gets when it asks for none. */
    @Override
    public String database(EngineContext context) {
        return "0";
    }

    /** The scheme that Redis clients know: {@code rediss} is TLS. */
    @Override
    public String uri(EngineContext context) {
        Credentials c = context.credentials();
        return "rediss://%s:%s@%s:%d/%s"
                .formatted(c.username(), c.password().value(), context.host(), Layout.TLS_PORT, database(context));
    }

    @Override
    public Observation observe(EngineContext context) {
        if (context.instances().isEmpty()) {
            return new Observation.Absent();
        }
        for (Instance instance : context.instances()) {
            if (instance.address().isEmpty()) {
                return new Observation.Starting(instance.name() + " has no address yet");
            }
            Observation seen = observe(context, instance);
            if (!(seen instanceof Observation.Serving)) {
                return seen;
            }
        }
        return new Observation.Serving();
    }

    private Observation observe(EngineContext context, Instance instance) {
        try (Session session = connections.client(context, instance)) {
            Map<String, String> persistence = session.info("persistence");
            if ("1".equals(persistence.get("loading"))) {
                return new Observation.Starting(instance.name() + " is loading its data");
            }
            session.read();
            // Redis then refuses writes; a read alone would not show it.
            if ("err".equals(persistence.get("rdb_last_bgsave_status"))) {
                return new Observation.Degraded(
                        instance.name() + " could not write its last snapshot: is the volume full?");
            }
            if ("err".equals(persistence.get("aof_last_write_status"))) {
                return new Observation.Degraded(instance.name() + " could not append to its file: is the volume full?");
            }
            return new Observation.Serving();
        } catch (RedisException e) {
            String message = instance.name() + ": " + Connections.reason(e);
            return instance.ready() ? new Observation.Degraded(message) : new Observation.Starting(message);
        }
    }

    @Override
    public Configuration configure(EngineContext context) {
        if (context.instances().size() < context.replicas()) {
            return new Configuration.Changing("waiting for the pods", SOON);
        }
        for (Instance instance : context.instances()) {
            Configuration result = instance.address().isEmpty()
                    ? new Configuration.Changing(instance.name() + " has no address yet", SOON)
                    : reconfiguration.run(context, instance);
            if (!(result instanceof Configuration.InForce)) {
                return result;
            }
        }
        return new Configuration.InForce();
    }

    @Override
    public Sighting probe(Feature feature, EngineContext context) {
        Sighting last = Sighting.unclear("no instance runs");
        Sighting.State common = null;
        for (Instance instance : context.instances()) {
            last = evidence.of(feature, context, instance);
            if (last.state() == Sighting.State.UNCLEAR) {
                return last;
            }
            if (common != null && common != last.state()) {
                return Sighting.unclear("not the same on every instance: " + last.message());
            }
            common = last.state();
        }
        return last;
    }

    @PreDestroy
    void close() {
        connections.close();
    }
}

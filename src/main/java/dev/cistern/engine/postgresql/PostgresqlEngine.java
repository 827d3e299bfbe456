package dev.cistern.engine.postgresql;

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
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PostgreSQL. */
@ApplicationScoped
public class PostgresqlEngine implements Engine {
    private static final int LEAST_MEMORY_MIB = 128;

    private final Observer observer;
    private final Configurator configurator;
    private final ForceSslProbe forceSsl;
    private final Switchover switchover;
    private final List<Action<?>> actions;

    /**
     * @param keys makes the operator's own client certificates
     */
    public PostgresqlEngine(KeySource keys) {
        OperatorKeys operator = new OperatorKeys(keys);
        Sessions sessions = new Sessions(operator);
        Patroni patroni = new Patroni(operator);
        this.observer = new Observer(sessions, patroni);
        this.configurator = new Configurator(sessions, patroni);
        this.forceSsl = new ForceSslProbe(sessions);
        this.switchover = new Switchover(patroni);
        this.actions = new PostgresqlActions(sessions, configurator).all();
    }

    @Override
    public EngineType type() {
        return EngineType.POSTGRESQL;
    }

    @Override
    public Profile profile() {
        return PostgresqlPods.PROFILE;
    }

    @Override
    public Map<Feature, FeatureDefault> features() {
        return Map.of(Feature.FORCE_SSL, FeatureDefault.OFF, Feature.PUBLICLY_AVAILABLE, FeatureDefault.OFF);
    }

    @Override
    public List<Action<?>> actions() {
        return actions;
    }

    @Override
    public List<Problem> check(EngineContext context) {
        List<Problem> problems = new ArrayList<>();
        Credentials credentials = context.credentials();
        if (Roles.reservedLogin(credentials.username())) {
            problems.add(
                    new Problem("ReservedName", "PostgreSQL or Cistern keeps the default login's name for itself"));
        }
        if (Roles.reservedDatabase(credentials.database())) {
            problems.add(new Problem("ReservedName", "PostgreSQL keeps the default database's name for itself"));
        }
        if (context.plan().memoryMiB() < LEAST_MEMORY_MIB) {
            problems.add(new Problem(
                    "PlanTooSmall",
                    "plan %s has %d MiB of memory, PostgreSQL needs %d: choose a larger plan"
                            .formatted(context.plan().name(), context.plan().memoryMiB(), LEAST_MEMORY_MIB)));
        }
        return problems;
    }

    @Override
    public Map<String, String> internal(Map<String, String> existing, KeySource keys) {
        return PeerKeys.complete(existing, keys);
    }

    @Override
    public List<HasMetadata> desired(EngineContext context) {
        List<HasMetadata> objects = new ArrayList<>(PatroniObjects.of(context));
        objects.add(PostgresqlPods.statefulSet(context));
        return objects;
    }

    @Override
    public Observation observe(EngineContext context) {
        return observer.observe(context);
    }

    @Override
    public Configuration configure(EngineContext context) {
        return configurator.configure(context);
    }

    @Override
    public Sighting probe(Feature feature, EngineContext context) {
        return feature == Feature.FORCE_SSL
                ? forceSsl.probe(context)
                : Sighting.unclear("PostgreSQL's instances do not show whether " + feature + " is on");
    }

    @Override
    public boolean handOver(EngineContext context, Instance primary) {
        return switchover.handOver(context, primary);
    }
}

package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseStatus;
import dev.cistern.api.DatabaseStatus.Endpoint;
import dev.cistern.api.DatabaseStatus.VersionStatus;
import dev.cistern.api.Feature;
import dev.cistern.api.ObjectRef;
import dev.cistern.api.Phase;
import dev.cistern.catalogue.CatalogueSource;
import dev.cistern.catalogue.Release;
import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Problem;
import dev.cistern.kube.Names;
import dev.cistern.status.Conditions;
import dev.cistern.status.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Phase status: words for what was found. Writes nothing. */
@ApplicationScoped
class StatusBuilder {
    private final Clock clock;
    private final CatalogueSource catalogue;
    private final PublicEndpoint publicEndpoint;

    StatusBuilder(Clock clock, CatalogueSource catalogue, PublicEndpoint publicEndpoint) {
        this.clock = clock;
        this.catalogue = catalogue;
        this.publicEndpoint = publicEndpoint;
    }

    /** The status of a database whose phases all ran. */
    DatabaseStatus running(Resolved resolved, Observed observed, Outcome outcome) {
        EngineContext context = resolved.context();
        DatabaseStatus before = before(context.database());
        Phase phase = phase(before, context, observed, outcome);
        return new DatabaseStatus(
                phase,
                outcome.inForce() || before.version() == null ? version(context) : before.version(),
                outcome.inForce() || before.plan() == null ? context.plan().name() : before.plan(),
                InstanceStates.of(context, resolved.engine().profile().port(), outcome),
                FeatureStates.of(resolved, outcome),
                endpoint(resolved, observed),
                new ObjectRef(Names.binding(context.name())),
                storage(observed, context),
                before.recoveryWindow(),
                before.currentAction(),
                DatabaseConditions.of(
                        conditions(context.database()), resolved, outcome, PodTrouble.of(observed, clock.instant())),
                context.database().getMetadata().getGeneration());
    }

    /**
     * The status of a database whose user has to mend something and of which not even the last good specification is
     * known any more; what runs goes on, and stays shown.
     */
    DatabaseStatus problem(Observed observed, Problem problem) {
        Database database = observed.database();
        DatabaseStatus b = before(database);
        boolean ready = Conditions.isTrue(b.conditions(), Conditions.READY)
                && !observed.pods().isEmpty()
                && observed.pods().stream().allMatch(Observed::ready);
        Conditions conditions = conditions(database);
        if (ready) {
            conditions.set(Conditions.READY, true, Reason.Serving, "serving by its last good specification");
        } else {
            conditions.set(Conditions.READY, false, problem.reason(), problem.message());
        }
        List<Condition> built = conditions
                .set(Conditions.PROGRESSING, false, problem.reason(), problem.message())
                .set(Conditions.DEGRADED, true, problem.reason(), problem.message())
                .build();
        return carried(database, b.phase() == null ? Phase.CREATING : b.phase(), built);
    }

    /** The status of a database that is on its way out. */
    DatabaseStatus deleting(Database database, String message) {
        return carried(
                database,
                before(database).phase(),
                conditions(database)
                        .set(Conditions.READY, false, Reason.Deleting, message)
                        .set(Conditions.PROGRESSING, true, Reason.Deleting, message)
                        .build());
    }

    // Everything as it was last known, but for the phase and the conditions.
    private static DatabaseStatus carried(Database database, @Nullable Phase phase, List<Condition> conditions) {
        DatabaseStatus b = before(database);
        return new DatabaseStatus(
                phase,
                b.version(),
                b.plan(),
                b.instances(),
                b.features(),
                b.endpoint(),
                b.binding(),
                b.storage(),
                b.recoveryWindow(),
                b.currentAction(),
                conditions,
                database.getMetadata().getGeneration());
    }

    static DatabaseStatus before(Database database) {
        return database.getStatus() == null ? DatabaseStatus.empty() : database.getStatus();
    }

    private static Phase phase(DatabaseStatus before, EngineContext context, Observed observed, Outcome outcome) {
        if (context.replicas() == 0) {
            return observed.pods().isEmpty() ? Phase.STOPPED : Phase.UPDATING;
        }
        boolean served = before.phase() != null && before.phase() != Phase.CREATING;
        if (!served) {
            return outcome.serving() && outcome.settled() ? Phase.RUNNING : Phase.CREATING;
        }
        if (outcome.settled() && outcome.serving()) {
            return Phase.RUNNING;
        }
        boolean sameVersion = before.version() == null
                || context.release()
                        .version()
                        .readable()
                        .equals(before.version().readable());
        return sameVersion ? Phase.UPDATING : Phase.UPGRADING;
    }

    private VersionStatus version(EngineContext context) {
        Release release = context.release();
        return new VersionStatus(
                release.id(),
                release.version().readable(),
                catalogue
                        .current()
                        .next(context.spec().engine(), release.version())
                        .map(r -> r.version().readable())
                        .orElse(null));
    }

    private Endpoint endpoint(Resolved resolved, Observed observed) {
        Optional<PublicEndpoint.Address> outside = resolved.context().on(Feature.PUBLICLY_AVAILABLE)
                ? observed.publicService().flatMap(publicEndpoint::of)
                : Optional.empty();
        return new Endpoint(
                resolved.context().host(),
                resolved.engine().profile().port(),
                outside.map(PublicEndpoint.Address::host).orElse(null),
                outside.map(PublicEndpoint.Address::port).orElse(null));
    }

    private static String storage(Observed observed, EngineContext context) {
        return observed.claims().stream()
                .map(c -> c.getStatus() == null || c.getStatus().getCapacity() == null
                        ? null
                        : c.getStatus().getCapacity().get("storage"))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .findFirst()
                .orElseGet(() -> dev.cistern.engine.Workload.storage(context).toString());
    }

    private Conditions conditions(Database database) {
        return new Conditions(
                before(database).conditions(), database.getMetadata().getGeneration(), clock);
    }
}

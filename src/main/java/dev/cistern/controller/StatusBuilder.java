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
import dev.cistern.engine.Configuration;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Observation;
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
        Phase phase = phase(before, context, outcome);
        return new DatabaseStatus(
                phase,
                version(context),
                outcome.settled() || before.plan() == null ? context.plan().name() : before.plan(),
                InstanceStates.of(context, resolved.engine().profile().port(), outcome),
                FeatureStates.of(resolved, outcome),
                endpoint(resolved, observed),
                new ObjectRef(Names.binding(context.name())),
                storage(observed, context),
                before.recoveryWindow(),
                before.currentAction(),
                conditions(context.database(), outcome, observed),
                context.database().getMetadata().getGeneration());
    }

    /** The status of a database whose user has to mend something; what runs goes on, and stays shown. */
    DatabaseStatus problem(Database database, Problem problem) {
        DatabaseStatus b = before(database);
        boolean ready = Conditions.isTrue(b.conditions(), Conditions.READY);
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

    private static Phase phase(DatabaseStatus before, EngineContext context, Outcome outcome) {
        if (context.replicas() == 0) {
            return Phase.STOPPED;
        }
        boolean served = before.phase() != null && before.phase() != Phase.CREATING;
        if (!served) {
            return outcome.serving() && outcome.settled() ? Phase.RUNNING : Phase.CREATING;
        }
        return outcome.settled() && outcome.serving() ? Phase.RUNNING : Phase.UPDATING;
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

    private List<Condition> conditions(Database database, Outcome outcome, Observed observed) {
        Conditions conditions = conditions(database);
        Optional<String> trouble = PodTrouble.of(observed, clock.instant());
        ready(conditions, outcome);
        progressing(conditions, outcome);
        if (outcome.configuration() instanceof Configuration.Rejected(String message)) {
            conditions.set(Conditions.DEGRADED, true, Reason.ConfigurationRejected, message);
        } else if (outcome.growth() instanceof ClaimUpkeep.Growth.Impossible(String message)) {
            conditions.set(Conditions.DEGRADED, true, Reason.StorageCannotGrow, message);
        } else if (outcome.observation() instanceof Observation.Impaired(String message) && outcome.settled()) {
            conditions.set(Conditions.DEGRADED, true, Reason.InstanceFailing, message);
        } else if (trouble.isPresent() && !outcome.serving()) {
            conditions.set(Conditions.DEGRADED, true, Reason.InstanceFailing, trouble.get());
        } else {
            conditions.set(Conditions.DEGRADED, false, Reason.AsExpected, "all is as the specification says");
        }
        return conditions.build();
    }

    private static void ready(Conditions conditions, Outcome outcome) {
        switch (outcome.observation()) {
            case Observation.Serving s ->
                conditions.set(
                        Conditions.READY,
                        true,
                        Reason.Serving,
                        "the engine answered a query of its clients' login over TLS");
            case Observation.Impaired i ->
                conditions.set(
                        Conditions.READY,
                        true,
                        Reason.Serving,
                        "the primary answered a query of its clients' login over TLS");
            case Observation.Absent a ->
                conditions.set(
                        Conditions.READY,
                        false,
                        Reason.Suspended,
                        "suspended: set spec.suspended to false to start it");
            // One text for the whole start: each other one would be a write.
            case Observation.Starting s ->
                conditions.set(Conditions.READY, false, Reason.Starting, "waiting for the instances to serve");
            case Observation.Degraded d -> conditions.set(Conditions.READY, false, Reason.NotServing, d.message());
        }
    }

    private static void progressing(Conditions conditions, Outcome outcome) {
        if (outcome.replacement().isPresent()) {
            conditions.set(
                    Conditions.PROGRESSING,
                    true,
                    Reason.ReplacingInstances,
                    outcome.replacement().get());
        } else if (outcome.growth() instanceof ClaimUpkeep.Growth.Growing(String message)) {
            conditions.set(Conditions.PROGRESSING, true, Reason.GrowingStorage, message);
        } else if (outcome.configuration() instanceof Configuration.Changing
                || outcome.observation() instanceof Observation.Starting) {
            conditions.set(
                    Conditions.PROGRESSING, true, Reason.Applying, "bringing the instances to the specification");
        } else {
            conditions.set(Conditions.PROGRESSING, false, Reason.Settled, "nothing is on its way");
        }
    }

    private Conditions conditions(Database database) {
        return new Conditions(
                before(database).conditions(), database.getMetadata().getGeneration(), clock);
    }
}

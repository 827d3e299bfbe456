package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseStatus;
import dev.cistern.catalogue.CatalogueSource;
import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.controller.Resolution.Unresolvable;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.Observation;
import dev.cistern.engine.Problem;
import dev.cistern.kube.Applier;
import dev.cistern.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurableReconciler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Brings the cluster to what a {@link Database} says: a list of phases, each of which is a class of its own. */
// For ever: a database that was given up would stay as it is until somebody touched it.
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
@ControllerConfiguration(name = "database", fieldManager = Applier.MANAGER, finalizerName = "cistern.dev/database")
public class DatabaseReconciler implements Reconciler<Database>, Cleaner<Database>, ConfigurableReconciler<Database> {
    private static final Logger LOG = Logger.getLogger(DatabaseReconciler.class);
    private static final Duration STARTING = Duration.ofMillis(400);
    private static final Duration WAITING = Duration.ofSeconds(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final Resolver resolver;
    private final SharedObjects objects;
    private final StatusBuilder statuses;
    private final DatabaseEvents events;
    private final RunningDatabases running;
    private final PublicEndpoint endpoint;
    private final CatalogueSignal catalogue;

    DatabaseReconciler(
            Resolver resolver,
            SharedObjects objects,
            StatusBuilder statuses,
            DatabaseEvents events,
            RunningDatabases running,
            PublicEndpoint endpoint,
            CatalogueSource catalogue) {
        this.resolver = resolver;
        this.objects = objects;
        this.statuses = statuses;
        this.events = events;
        this.running = running;
        this.endpoint = endpoint;
        this.catalogue = new CatalogueSignal(catalogue);
    }

    @Override
    public List<EventSource<?, Database>> prepareEventSources(EventSourceContext<Database> context) {
        List<EventSource<?, Database>> sources = new java.util.ArrayList<>(DatabaseEventSources.of(context));
        sources.add(catalogue.source(context));
        return sources;
    }

    @Override
    public UpdateControl<Database> reconcile(Database database, Context<Database> context) {
        Observed observed = Observed.of(database, context);
        return switch (resolver.resolve(observed)) {
            case Unresolvable unresolvable -> stopped(observed, unresolvable.problem());
            case Resolved resolved -> resolved(resolved, observed, context);
        };
    }

    private UpdateControl<Database> resolved(Resolved resolved, Observed observed, Context<Database> context) {
        Database database = resolved.context().database();
        List<HasMetadata> desired = objects.desired(resolved);
        try {
            apply(desired, resolved, database, context);
        } catch (Applier.NameTakenException e) {
            return stopped(observed, new Problem(Reason.NameTaken.name(), String.valueOf(e.getMessage())))
                    .rescheduleAfter(WAITING);
        } catch (Applier.NotYetException e) {
            LOG.infof("%s: %s", resolved.context(), e.getMessage());
            return UpdateControl.<Database>noUpdate().rescheduleAfter(WAITING);
        }
        Observed now = Observed.of(database, context);
        Outcome outcome = DatabaseActing.act(resolved, now, context);
        running.put(new RunningDatabases.Running(
                resolved, outcome.serving(), now.publicService().flatMap(endpoint::of)));
        return status(database, statuses.running(resolved, now, outcome)).rescheduleAfter(next(outcome));
    }

    private static void apply(
            List<HasMetadata> desired, Resolved resolved, Database database, Context<Database> context) {
        Applier applier = new Applier(database, context);
        applier.apply(desired);
        SharedObjects.unwantedExposure(resolved.context()).ifPresent(name -> applier.prune(Service.class, name));
        if (resolved.context().plan().instances() == 1) {
            applier.prune(PodDisruptionBudget.class, resolved.context().name());
        }
    }

    private UpdateControl<Database> stopped(Observed observed, Problem problem) {
        return status(observed.database(), statuses.problem(observed, problem)).rescheduleAfter(LOOK_AGAIN);
    }

    private UpdateControl<Database> status(Database database, DatabaseStatus now) {
        DatabaseStatus before = StatusBuilder.before(database);
        if (now.equals(before)) {
            return UpdateControl.noUpdate();
        }
        events.tell(database, before, now);
        return UpdateControl.patchStatus(withStatus(database, now));
    }

    private static Database withStatus(Database database, DatabaseStatus status) {
        Database patch = new Database();
        patch.getMetadata().setName(database.getMetadata().getName());
        patch.getMetadata().setNamespace(database.getMetadata().getNamespace());
        patch.setStatus(status);
        return patch;
    }

    private static Duration next(Outcome outcome) {
        if (outcome.configuration() instanceof Configuration.Changing(String message, Duration retryIn)) {
            return retryIn;
        }
        if (outcome.configuration() instanceof Configuration.Rejected) {
            return ASK_AGAIN;
        }
        if (outcome.observation() instanceof Observation.Starting
                || outcome.replacement().isPresent()) {
            return STARTING;
        }
        return outcome.serving() || outcome.observation() instanceof Observation.Absent ? LOOK_AGAIN : WAITING;
    }

    @Override
    public DeleteControl cleanup(Database database, Context<Database> context) {
        running.remove(database);
        Optional<String> waiting = DatabaseDeletion.step(Observed.of(database, context), context);
        if (waiting.isEmpty()) {
            return DeleteControl.defaultDelete();
        }
        DatabaseStatus now = statuses.deleting(database, waiting.get());
        if (!now.equals(StatusBuilder.before(database))) {
            context.resourceOperations().serverSideApplyPrimaryStatus(withStatus(database, now));
        }
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(WAITING);
    }

    /** Present so that the operator's executors reach this controller; there is nothing to configure. */
    @Override
    public void updateConfigurationFrom(ControllerConfigurationOverrider<Database> overrider) {}
}

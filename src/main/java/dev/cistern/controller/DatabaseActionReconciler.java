package dev.cistern.controller;

import dev.cistern.api.ActionPhase;
import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseActionSpec;
import dev.cistern.api.DatabaseActionStatus;
import dev.cistern.controller.RunningDatabases.Running;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineRegistry;
import dev.cistern.kube.Applier;
import dev.cistern.kube.Events;
import dev.cistern.operation.ActionRunner;
import dev.cistern.status.Conditions;
import dev.cistern.status.Reason;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurableReconciler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does a {@link DatabaseAction} once. That it has begun is written before it begins, so that after a crash an action
 * whose second run could do harm is not run again, but reported.
 */
// For ever: a database that was given up would stay as it is until somebody touched it.
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
@ControllerConfiguration(name = "action", fieldManager = Applier.MANAGER)
public class DatabaseActionReconciler implements Reconciler<DatabaseAction>, ConfigurableReconciler<DatabaseAction> {
    private static final Duration SOON = Duration.ofMillis(300);

    private final RunningDatabases running;
    private final EngineRegistry engines;
    private final ActionRunner runner;
    private final Events events;
    private final Clock clock;

    DatabaseActionReconciler(
            RunningDatabases running, EngineRegistry engines, ActionRunner runner, Events events, Clock clock) {
        this.running = running;
        this.engines = engines;
        this.runner = runner;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, DatabaseAction>> prepareEventSources(EventSourceContext<DatabaseAction> context) {
        return List.of(ReferencedDatabase.source(
                context, DatabaseAction.class, a -> a.getSpec().databaseRef().name()));
    }

    @Override
    public UpdateControl<DatabaseAction> reconcile(DatabaseAction action, Context<DatabaseAction> context) {
        ActionPhase phase = phase(action);
        if (phase == ActionPhase.Succeeded || phase == ActionPhase.Failed) {
            return expire(action, context);
        }
        DatabaseActionSpec spec = action.getSpec();
        Optional<Database> database = context.getSecondaryResource(Database.class);
        if (database.isEmpty()) {
            return end(
                    action,
                    Reason.DatabaseNotFound,
                    "there is no Database %s in this namespace"
                            .formatted(spec.databaseRef().name()),
                    null);
        }
        Optional<Engine> engine = engines.find(database.get().getSpec().engine());
        if (engine.isEmpty()) {
            return end(
                    action,
                    Reason.EngineNotInstalled,
                    "this build of Cistern does not run %s"
                            .formatted(database.get().getSpec().engine()),
                    null);
        }
        return switch (runner.check(engine.get(), spec.action(), spec.params())) {
            case ActionRunner.Check.Unknown u -> end(action, Reason.UnknownAction, u.message(), null);
            case ActionRunner.Check.BadParams b -> end(action, Reason.BadParameters, b.message(), b.errors());
            case ActionRunner.Check.Runnable r -> run(action, r.call(), context);
        };
    }

    private UpdateControl<DatabaseAction> run(
            DatabaseAction action, ActionRunner.Call<?> call, Context<DatabaseAction> context) {
        Instant deadline = Instant.parse(action.getMetadata().getCreationTimestamp())
                .plusSeconds(action.getSpec().deadlineSeconds());
        if (phase(action) == ActionPhase.Running && !call.action().repeatable()) {
            return interrupted(action);
        }
        Duration left = Duration.between(clock.instant(), deadline);
        Optional<Running> found = running.find(
                action.getSpec().databaseRef().name(), action.getMetadata().getNamespace());
        boolean ready = found.filter(Running::serving).isPresent();
        if (left.isNegative() || left.isZero()) {
            return end(
                    action,
                    Reason.DeadlineExceeded,
                    "not done within %d s%s"
                            .formatted(action.getSpec().deadlineSeconds(), ready ? "" : ": the database is not ready"),
                    null);
        }
        if (!ready) {
            return pending(action, "waiting for the database to be ready");
        }
        ActionStatusBuilder begun =
                status(action, ActionPhase.Running, Reason.Running, "running").started(clock.instant());
        DatabaseAction now =
                context.resourceOperations().serverSideApplyPrimaryStatus(withStatus(action, begun.build()));
        return switch (runner.run(call, found.orElseThrow().resolved().context(), left)) {
            case ActionRunner.End.Done done -> succeeded(now, done);
            case ActionRunner.End.Failed failed -> end(now, Reason.Failed, failed.error(), null);
            case ActionRunner.End.TimedOut t ->
                end(
                        now,
                        Reason.DeadlineExceeded,
                        "not done within %d s; whether it had its effect is not known"
                                .formatted(action.getSpec().deadlineSeconds()),
                        null);
            // The next operator finds it Running, and runs it again or reports it as this one would.
            case ActionRunner.End.Interrupted i -> UpdateControl.noUpdate();
        };
    }

    private UpdateControl<DatabaseAction> interrupted(DatabaseAction action) {
        return end(
                action,
                Reason.Interrupted,
                "the operator stopped while this ran; whether it had its effect is not known: look, and create another one if needed",
                null);
    }

    private UpdateControl<DatabaseAction> pending(DatabaseAction action, String message) {
        DatabaseActionStatus now =
                status(action, ActionPhase.Pending, Reason.Pending, message).build();
        return now.equals(action.getStatus())
                ? UpdateControl.<DatabaseAction>noUpdate().rescheduleAfter(SOON)
                : UpdateControl.patchStatus(withStatus(action, now)).rescheduleAfter(SOON);
    }

    private UpdateControl<DatabaseAction> succeeded(DatabaseAction action, ActionRunner.End.Done done) {
        String message = done.truncated() == 0
                ? "done"
                : "done; the result was too long, %d rows are left out".formatted(done.truncated());
        DatabaseActionStatus now = status(action, ActionPhase.Succeeded, Reason.Succeeded, message)
                .result(done.result(), done.truncated())
                .ended(clock.instant())
                .build();
        events.normal(action, Reason.Succeeded.name(), action.getSpec().action() + " " + message);
        return ended(action, now);
    }

    private UpdateControl<DatabaseAction> end(
            DatabaseAction action, Reason reason, String error, @Nullable Map<String, List<String>> errors) {
        DatabaseActionStatus now = status(action, ActionPhase.Failed, reason, error)
                .error(error, errors)
                .ended(clock.instant())
                .build();
        events.warning(action, reason.name(), error);
        return ended(action, now);
    }

    // Our own change of the status brings no event, so the object's end has to be asked for.
    private static UpdateControl<DatabaseAction> ended(DatabaseAction action, DatabaseActionStatus status) {
        Duration kept = Duration.ofSeconds(action.getSpec().ttlSecondsAfterFinished());
        return UpdateControl.patchStatus(withStatus(action, status)).rescheduleAfter(kept.plusMillis(1));
    }

    private UpdateControl<DatabaseAction> expire(DatabaseAction action, Context<DatabaseAction> context) {
        String ended = action.getStatus().completionTime();
        if (ended == null) {
            return UpdateControl.noUpdate();
        }
        Instant expiry = Instant.parse(ended).plusSeconds(action.getSpec().ttlSecondsAfterFinished());
        Duration left = Duration.between(clock.instant(), expiry);
        if (left.isPositive()) {
            return UpdateControl.<DatabaseAction>noUpdate().rescheduleAfter(left.plusMillis(1));
        }
        context.getClient()
                .resource(action)
                .lockResourceVersion(action.getMetadata().getResourceVersion())
                .delete();
        return UpdateControl.noUpdate();
    }

    private static ActionPhase phase(DatabaseAction action) {
        return action.getStatus() == null || action.getStatus().phase() == null
                ? ActionPhase.Pending
                : action.getStatus().phase();
    }

    private ActionStatusBuilder status(DatabaseAction action, ActionPhase phase, Reason reason, String message) {
        boolean ended = phase == ActionPhase.Succeeded || phase == ActionPhase.Failed;
        return new ActionStatusBuilder(
                action.getStatus(),
                phase,
                new Conditions(
                                action.getStatus() == null
                                        ? null
                                        : action.getStatus().conditions(),
                                action.getMetadata().getGeneration(),
                                clock)
                        .set(Conditions.COMPLETE, ended, reason, message)
                        .build(),
                action.getMetadata().getGeneration());
    }

    private static DatabaseAction withStatus(DatabaseAction action, DatabaseActionStatus status) {
        DatabaseAction patch = new DatabaseAction();
        patch.getMetadata().setName(action.getMetadata().getName());
        patch.getMetadata().setNamespace(action.getMetadata().getNamespace());
        patch.setStatus(status);
        return patch;
    }

    /** Present so that the operator's executors reach this controller; there is nothing to configure. */
    @Override
    public void updateConfigurationFrom(ControllerConfigurationOverrider<DatabaseAction> overrider) {}
}

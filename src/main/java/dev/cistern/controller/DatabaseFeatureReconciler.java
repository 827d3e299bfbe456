package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.controller.RunningDatabases.Running;
import dev.cistern.engine.Sighting;
import dev.cistern.feature.FeaturePlan;
import dev.cistern.kube.Applier;
import dev.cistern.kube.Events;
import dev.cistern.status.Conditions;
import dev.cistern.status.Reason;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Says where a {@link DatabaseFeature} stands. It never touches an engine's configuration: the Database's controller
 * puts features in force, this one looks from outside whether the effect is there.
 */
// For ever: a database that was given up would stay as it is until somebody touched it.
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
@ControllerConfiguration(name = "feature", fieldManager = Applier.MANAGER, finalizerName = "cistern.dev/feature")
public class DatabaseFeatureReconciler
        implements Reconciler<DatabaseFeature>, Cleaner<DatabaseFeature>, ConfigurableReconciler<DatabaseFeature> {
    private static final Logger LOG = Logger.getLogger(DatabaseFeatureReconciler.class);
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration LATER = Duration.ofSeconds(3);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final RunningDatabases running;
    private final Events events;
    private final Clock clock;
    private final Map<String, Unproven> unproven = new ConcurrentHashMap<>();

    /** Since when what is wanted has not been seen. */
    private record Unproven(boolean on, Instant since) {}

    DatabaseFeatureReconciler(RunningDatabases running, Events events, Clock clock) {
        this.running = running;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, DatabaseFeature>> prepareEventSources(EventSourceContext<DatabaseFeature> context) {
        return List.of(ReferencedDatabase.source(
                context, DatabaseFeature.class, f -> f.getSpec().databaseRef().name()));
    }

    @Override
    public UpdateControl<DatabaseFeature> reconcile(DatabaseFeature object, Context<DatabaseFeature> context) {
        if (notYetSeenSinceStart(object, context)) {
            return UpdateControl.<DatabaseFeature>noUpdate().rescheduleAfter(SOON);
        }
        FeatureVerdict verdict = judge(object, context);
        Duration next = verdict.settled() ? LOOK_AGAIN : verdict.status() == FeatureStatus.FAILED ? LATER : SOON;
        DatabaseFeatureStatus before = object.getStatus();
        DatabaseFeatureStatus now = status(object, verdict);
        if (now.equals(before)) {
            return UpdateControl.<DatabaseFeature>noUpdate().rescheduleAfter(next);
        }
        tell(object, before, verdict);
        return UpdateControl.patchStatus(withStatus(object, now)).rescheduleAfter(next);
    }

    @Override
    public DeleteControl cleanup(DatabaseFeature object, Context<DatabaseFeature> context) {
        Optional<Database> database = context.getSecondaryResource(Database.class);
        boolean gone = database.filter(d -> d.getMetadata().getDeletionTimestamp() == null)
                .isEmpty();
        if (gone || neverRan(database.get())) {
            return done(object);
        }
        Optional<Running> found = find(object);
        FeatureVerdict verdict = judge(object, context);
        boolean another = verdict.reason() == Reason.Duplicate;
        boolean refused = verdict.reason() == Reason.Refused && verdict.status() != FeatureStatus.FAILED;
        boolean stopped = !refused && found.filter(r -> stopped(r, object)).isPresent();
        if (another
                || stopped
                || verdict.settled()
                || verdict.status() == FeatureStatus.FAILED && neverOn(object, found)) {
            return done(object);
        }
        FeatureVerdict shown = refused || verdict.status() == FeatureStatus.FAILED
                ? verdict
                : FeatureVerdict.waiting(false, verdict.message());
        DatabaseFeatureStatus now = status(object, shown);
        if (!now.equals(object.getStatus())) {
            context.resourceOperations().serverSideApplyPrimaryStatus(withStatus(object, now));
        }
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(refused ? LATER : SOON);
    }

    // The Database's controller comes to each after a start; until then, what was seen before stands.
    private boolean notYetSeenSinceStart(DatabaseFeature object, Context<DatabaseFeature> context) {
        return object.getStatus() != null
                && object.getMetadata()
                        .getGeneration()
                        .equals(object.getStatus().observedGeneration())
                && context.getSecondaryResource(Database.class).isPresent()
                && find(object).isEmpty();
    }

    // Its specification has never made sense, so there is nothing that the feature could have had an effect on.
    private static boolean neverRan(Database database) {
        return database.getStatus() != null && database.getStatus().binding() == null;
    }

    private static boolean stopped(Running running, DatabaseFeature object) {
        return running.resolved().context().replicas() == 0
                && upToDate(
                        running.resolved()
                                .features()
                                .objects()
                                .get(object.getSpec().feature()),
                        object);
    }

    // Nothing to wait for: the engine does not know the feature, so it never had an effect.
    private static boolean neverOn(DatabaseFeature object, Optional<Running> found) {
        return found.filter(r -> !r.resolved()
                        .engine()
                        .features()
                        .containsKey(object.getSpec().feature()))
                .isPresent();
    }

    private DeleteControl done(DatabaseFeature object) {
        unproven.remove(object.getMetadata().getUid());
        return DeleteControl.defaultDelete();
    }

    private FeatureVerdict judge(DatabaseFeature object, Context<DatabaseFeature> context) {
        Feature feature = object.getSpec().feature();
        Optional<Database> database = context.getSecondaryResource(Database.class);
        if (database.isEmpty()) {
            return FeatureVerdict.failed(
                    Reason.DatabaseNotFound,
                    "there is no Database %s in this namespace: create it, or correct databaseRef"
                            .formatted(object.getSpec().databaseRef().name()));
        }
        Optional<Running> found = find(object);
        if (found.isEmpty()) {
            return FeatureVerdict.waiting(object.getSpec().enabled(), "waiting for the database to be set up");
        }
        var resolved = found.get().resolved();
        if (!resolved.engine().features().containsKey(feature)) {
            return FeatureVerdict.failed(
                    Reason.Refused,
                    "%s has no feature %s; it has %s"
                            .formatted(
                                    resolved.engine().type().id(),
                                    feature.id(),
                                    resolved.engine().features().keySet().stream()
                                            .sorted()
                                            .map(Feature::id)
                                            .toList()));
        }
        FeaturePlan plan = resolved.features();
        DatabaseFeature decider = plan.objects().get(feature);
        if (decider != null && !plan.decides(object)) {
            return FeatureVerdict.failed(
                    Reason.Duplicate,
                    "DatabaseFeature %s already decides %s for this database: delete one of the two"
                            .formatted(decider.getMetadata().getName(), feature.id()));
        }
        if (!upToDate(decider, object)) {
            return FeatureVerdict.waiting(
                    object.getSpec().enabled() && object.getMetadata().getDeletionTimestamp() == null,
                    "waiting for the database to take it");
        }
        return proof(object, found.get());
    }

    private FeatureVerdict proof(DatabaseFeature object, Running found) {
        String uid = object.getMetadata().getUid();
        Instant now = clock.instant();
        boolean on = found.resolved().features().on().contains(object.getSpec().feature());
        if (found.resolved().context().replicas() == 0) {
            return FeatureVerdict.suspended(object, found.resolved().features());
        }
        Sighting seen = look(object.getSpec().feature(), found);
        FeatureVerdict verdict =
                FeatureVerdict.of(object, found.resolved().features(), seen, unprovenSince(uid, on, now), now);
        if (verdict.settled() && seen.state() != Sighting.State.UNCLEAR) {
            unproven.remove(uid);
        }
        return verdict;
    }

    private Instant unprovenSince(String uid, boolean on, Instant now) {
        return unproven.merge(uid, new Unproven(on, now), (before, fresh) -> before.on() == on ? before : fresh)
                .since();
    }

    private static Sighting look(Feature feature, Running found) {
        try {
            return feature == Feature.PUBLICLY_AVAILABLE
                    ? ExposureProbe.probe(found)
                    : found.resolved().engine().probe(feature, found.resolved().context());
        } catch (RuntimeException e) {
            LOG.debugf(e, "probing %s", feature);
            return Sighting.unclear("the instances could not be probed");
        }
    }

    private Optional<Running> find(DatabaseFeature object) {
        return running.find(
                object.getSpec().databaseRef().name(), object.getMetadata().getNamespace());
    }

    // What the Database's controller last worked with may be older than what this one sees.
    private static boolean upToDate(
            @org.jspecify.annotations.Nullable DatabaseFeature decider, DatabaseFeature object) {
        return decider != null
                && decider.getMetadata()
                        .getGeneration()
                        .equals(object.getMetadata().getGeneration());
    }

    private DatabaseFeatureStatus status(DatabaseFeature object, FeatureVerdict verdict) {
        DatabaseFeatureStatus before = object.getStatus();
        boolean same = before != null && before.status() == verdict.status() && before.since() != null;
        String since = same
                ? Objects.requireNonNull(before).since()
                : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new DatabaseFeatureStatus(
                verdict.status(),
                verdict.message(),
                since,
                new Conditions(
                                before == null ? null : before.conditions(),
                                object.getMetadata().getGeneration(),
                                clock)
                        .set(Conditions.READY, verdict.settled(), verdict.reason(), verdict.message())
                        .build(),
                object.getMetadata().getGeneration());
    }

    private void tell(
            DatabaseFeature object,
            @org.jspecify.annotations.Nullable DatabaseFeatureStatus before,
            FeatureVerdict verdict) {
        boolean changed = before == null || before.status() != verdict.status();
        if (!changed || verdict.reason() == Reason.Pending) {
            return;
        }
        if (verdict.status() == FeatureStatus.FAILED) {
            events.warning(object, verdict.reason().name(), verdict.message());
        } else {
            events.normal(object, verdict.reason().name(), verdict.message());
        }
    }

    private static DatabaseFeature withStatus(DatabaseFeature object, DatabaseFeatureStatus status) {
        DatabaseFeature patch = new DatabaseFeature();
        patch.getMetadata().setName(object.getMetadata().getName());
        patch.getMetadata().setNamespace(object.getMetadata().getNamespace());
        patch.setStatus(status);
        return patch;
    }

    /** Present so that the operator's executors reach this controller; there is nothing to configure. */
    @Override
    public void updateConfigurationFrom(ControllerConfigurationOverrider<DatabaseFeature> overrider) {}
}

package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseStatus;
import dev.cistern.api.Phase;
import dev.cistern.kube.Events;
import dev.cistern.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;

/** One event for each change of a Database that a person cares about. */
@ApplicationScoped
class DatabaseEvents {
    private final Events events;

    DatabaseEvents(Events events) {
        this.events = events;
    }

    void tell(Database database, DatabaseStatus before, DatabaseStatus now) {
        ready(database, before, now);
        degraded(database, before, now);
        if (version(before).isPresent()
                && version(now).isPresent()
                && !version(before).equals(version(now))) {
            events.normal(
                    database,
                    "VersionChanged",
                    "%s is replaced by %s"
                            .formatted(version(before).get(), version(now).get()));
        }
        if (before.storage() != null
                && now.storage() != null
                && !before.storage().equals(now.storage())) {
            events.normal(
                    database, "StorageGrown", "volumes grew from %s to %s".formatted(before.storage(), now.storage()));
        }
        if (before.plan() != null && !Objects.equals(before.plan(), now.plan())) {
            events.normal(
                    database, "PlanChanged", "plan %s is in force in place of %s".formatted(now.plan(), before.plan()));
        }
    }

    private void ready(Database database, DatabaseStatus before, DatabaseStatus now) {
        boolean was = Conditions.isTrue(before.conditions(), Conditions.READY);
        boolean is = Conditions.isTrue(now.conditions(), Conditions.READY);
        Optional<Condition> condition = Conditions.find(now.conditions(), Conditions.READY);
        if (!was && is) {
            events.normal(
                    database, "Ready", condition.map(Condition::getMessage).orElse(""));
        } else if (was && !is) {
            if (now.phase() == Phase.STOPPED) {
                events.normal(
                        database,
                        "Stopped",
                        condition.map(Condition::getMessage).orElse(""));
            } else {
                events.warning(
                        database,
                        condition.map(Condition::getReason).orElse("NotServing"),
                        condition.map(Condition::getMessage).orElse(""));
            }
        }
    }

    private void degraded(Database database, DatabaseStatus before, DatabaseStatus now) {
        Optional<Condition> condition = Conditions.find(now.conditions(), Conditions.DEGRADED);
        boolean same = Conditions.find(before.conditions(), Conditions.DEGRADED)
                .filter(b -> condition
                        .filter(c -> c.getStatus().equals(b.getStatus())
                                && c.getReason().equals(b.getReason()))
                        .isPresent())
                .isPresent();
        condition
                .filter(c -> !same && "True".equals(c.getStatus()))
                .ifPresent(c -> events.warning(database, c.getReason(), c.getMessage()));
    }

    private static Optional<String> version(DatabaseStatus status) {
        return Optional.ofNullable(status.version()).map(DatabaseStatus.VersionStatus::readable);
    }
}

package dev.cistern.engine.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The order in which a running server comes to other settings without losing a key that either the old or the new
 * persistence promises to keep.
 *
 * <ol>
 *   <li>A new AOF is complete before the settings say that there is one, because a start with an AOF reads nothing else.
 *   <li>A snapshot is complete before the AOF goes or snapshots begin to count.
 *   <li>All the rest is set, and written to the volume, in one transaction: there is no moment at which the server runs
 *       without what its file says, so a stale file can never be loaded.
 * </ol>
 *
 * The server may die after any step: it then starts with the old settings and all they promise.
 */
final class ChangePlan {
    private static final Set<String> PERSISTENCE = Set.of("save", "appendonly");
    // Old enough to be another change's leftover; younger than any wait between two looks.
    private static final long FRESH_SECONDS = 60;

    private ChangePlan() {}

    /** One thing to do. */
    sealed interface Step {
        /** Begins to append writes to a log, live only. */
        record StartAof() implements Step {}

        /** Waits until the log holds everything. */
        record AwaitAof() implements Step {}

        /** Notes how many snapshots there are and begins one more. */
        record Snapshot() implements Step {}

        /** Waits until no snapshot is being written. */
        record AwaitSnapshot() implements Step {}

        /**
         * Sets the rest and writes all settings to the volume, in one transaction.
         *
         * @param changes what to set; may be empty
         */
        record Commit(Map<String, String> changes) implements Step {
            public Commit {
                changes = Map.copyOf(changes);
            }
        }

        /** Forgets a snapshot that no change needs any more. */
        record Forget() implements Step {}
    }

    /**
     * All that is left to do, in order; empty when all is in force and durable.
     *
     * @param maxMemory what the plan allows. Only a smaller value is set live: a larger one comes with the pod that has
     *     the memory.
     */
    static List<Step> of(ServerState now, Settings wanted, long maxMemory) {
        Map<String, String> changes = new TreeMap<>(wanted.changesFrom(now.live()));
        if (now.maxMemory() == 0 || now.maxMemory() > maxMemory) {
            changes.put("maxmemory", Long.toString(maxMemory));
        }
        if (changes.isEmpty() && now.durable()) {
            return now.marks().snapshot().isPresent() ? List.of(new Step.Forget()) : List.of();
        }
        List<Step> steps = new ArrayList<>();
        Map<String, String> others = new TreeMap<>(changes);
        others.keySet().removeAll(PERSISTENCE);
        // Forced TLS must not wait for a snapshot that a full disk refuses. Writing the file is only safe here while it
        // says what the server does: a log that is not complete must not get into it.
        if (now.durable() && !others.isEmpty() && others.size() < changes.size()) {
            steps.add(new Step.Commit(others));
            changes.keySet().removeAll(others.keySet());
        }
        steps.addAll(log(now, wanted));
        steps.addAll(snapshot(now, wanted));
        if (wanted.aof() && !now.live().aof()) {
            changes.remove("appendonly");
        }
        steps.add(new Step.Commit(changes));
        return List.copyOf(steps);
    }

    private static List<Step> log(ServerState now, Settings wanted) {
        if (wanted.aof() && !now.live().aof()) {
            return List.of(new Step.StartAof(), new Step.AwaitAof());
        }
        return wanted.aof() && !now.durable() && now.persistence().aofBusy() ? List.of(new Step.AwaitAof()) : List.of();
    }

    private static List<Step> snapshot(ServerState now, Settings wanted) {
        boolean needed = wanted.rdb() && (!now.live().rdb() || (now.live().aof() && !wanted.aof()));
        if (!needed || fresh(now)) {
            return List.of();
        }
        if (underWay(now)) {
            return List.of(new Step.AwaitSnapshot());
        }
        return now.persistence().snapshotBusy()
                ? List.of(new Step.AwaitSnapshot(), new Step.Snapshot(), new Step.AwaitSnapshot())
                : List.of(new Step.Snapshot(), new Step.AwaitSnapshot());
    }

    private static boolean fresh(ServerState now) {
        var snapshot = now.marks().snapshot();
        return snapshot.isPresent()
                && now.persistence().snapshots() > snapshot.getAsLong()
                && now.persistence().snapshotOk()
                && now.persistence().snapshotAge() <= FRESH_SECONDS;
    }

    private static boolean underWay(ServerState now) {
        var snapshot = now.marks().snapshot();
        return now.persistence().snapshotBusy()
                && snapshot.isPresent()
                && now.persistence().snapshots() == snapshot.getAsLong();
    }
}

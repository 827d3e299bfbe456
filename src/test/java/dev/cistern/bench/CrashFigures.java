package dev.cistern.bench;

import dev.cistern.api.Database;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The operator dies again and again while databases come and go. */
final class CrashFigures {
    private static final int KILLS = Bed.setting("BENCH_KILLS", 20);
    private static final int CREATED = 10;
    private static final int DELETED = 5;
    private static final int SHORTEST_MILLIS = 1000;
    private static final int LONGEST_MILLIS = 7000;
    private static final double TARGET_SECONDS = 60;
    private static final long SEED = 20;

    private final Bed bed;
    private final Optional<AuditLog> audit;
    private final Report report;
    private final Random random = new Random(SEED);
    /** Every UID that the Secrets and volume claims of these names have had. */
    private final Map<String, Set<String>> lives = new ConcurrentHashMap<>();

    CrashFigures(Bed bed, Optional<AuditLog> audit, Report report) {
        this.bed = bed;
        this.audit = audit;
        this.report = report;
    }

    void measure() {
        String figure = "kill -9 of the operator at %d random moments, %d databases created, %d deleted"
                .formatted(KILLS, CREATED, DELETED);
        if (!Bed.local()) {
            report.missing(figure, "its process is not on this machine");
            return;
        }
        List<String> created =
                IntStream.range(0, CREATED).mapToObj(i -> "new-" + i).toList();
        List<String> deleted =
                IntStream.range(0, DELETED).mapToObj(i -> "old-" + i).toList();
        deleted.forEach(n -> apply(n, "redis", "free-256"));
        deleted.forEach(n -> Bed.until(n, () -> Bed.ready(bed.find(bed.busy, n))));
        try (var secrets = follow(Secret.class);
                var claims = follow(PersistentVolumeClaim.class)) {
            Instant start = Instant.now();
            long began = System.nanoTime();
            int killed = crash(created, deleted);
            long last = System.nanoTime();
            boolean converged = converge(created, deleted);
            double seconds = Bed.secondsBetween(last, System.nanoTime());
            report.row(
                    figure + ": all converge",
                    (converged ? "all" : "**not all**")
                            + ", %s after the last of %d kills in %.0f s"
                                    .formatted(Report.seconds(seconds), killed, Bed.secondsBetween(began, last)),
                    "a new pod starts at once and the lease of the dead one is removed, so that each kill meets one at work",
                    "all, <= %.0f s".formatted(TARGET_SECONDS),
                    converged && seconds <= TARGET_SECONDS);
            twice(start);
            lost(created, deleted);
        } finally {
            clean(created, deleted);
        }
    }

    private void apply(String name, String engine, String plan) {
        bed.applyYaml(bed.busy, """
                apiVersion: cistern.dev/v1alpha1
                kind: Database
                metadata: {name: %s}
                spec: {engine: %s, plan: %s, deletionPolicy: Retain}
                """.formatted(name, engine, plan));
    }

    private int crash(List<String> created, List<String> deleted) {
        List<Runnable> work = new ArrayList<>();
        for (int i = 0; i < created.size(); i++) {
            String name = created.get(i);
            boolean postgresql = i % 5 == 4;
            work.add(() -> apply(name, postgresql ? "postgresql" : "redis", postgresql ? "starter-512" : "free-256"));
        }
        deleted.forEach(name -> work.add(
                2 * deleted.indexOf(name),
                () -> bed.client
                        .resources(Database.class)
                        .inNamespace(bed.busy)
                        .withName(name)
                        .delete()));
        int kills = 0;
        for (int i = 0; i < KILLS; i++) {
            // The work is spread over the first three quarters, so that the last of it is interrupted as well.
            int share = work.size() * Math.min(4 * (i + 1), 3 * KILLS) / (3 * KILLS);
            int done = work.size() * Math.min(4 * i, 3 * KILLS) / (3 * KILLS);
            work.subList(done, share).forEach(Runnable::run);
            Bed.sleep(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
            kills += kill();
        }
        return kills;
    }

    private int kill() {
        Optional<Pod> pod = bed.pods("operator").stream().findFirst();
        Optional<HostProcess> process = pod.flatMap(p -> HostProcess.of(p, "java"));
        process.ifPresent(HostProcess::kill);
        // The kubelet would wait longer before each restart of the same container.
        pod.ifPresent(p -> bed.client.resource(p).withGracePeriod(0).delete());
        bed.client.leases().inNamespace(bed.system).withName("cistern-operator").delete();
        return process.isPresent() ? 1 : 0;
    }

    private boolean converge(List<String> created, List<String> deleted) {
        try {
            created.forEach(n -> Bed.until(n + " to be Ready", () -> Bed.ready(bed.find(bed.busy, n))));
            deleted.forEach(n -> Bed.until(n + " to be gone", () -> bed.find(bed.busy, n) == null));
            return true;
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
            return false;
        }
    }

    private void twice(Instant start) {
        audit.ifPresentOrElse(
                log -> {
                    Map<String, Long> made = log
                            .since(
                                    start,
                                    c -> c.user().equals(bed.operatorUser())
                                            && c.namespace().equals(bed.busy)
                                            && c.code() == 201
                                            && !c.resource().equals("events")
                                            && !c.name().isEmpty())
                            .stream()
                            .collect(Collectors.groupingBy(c -> c.resource() + "/" + c.name(), Collectors.counting()));
                    List<String> again = made.entrySet().stream()
                            .filter(e -> e.getValue() > 1)
                            .map(Map.Entry::getKey)
                            .toList();
                    report.row(
                            "objects that the operator created twice",
                            again.size() + (again.isEmpty() ? "" : ": " + again),
                            "created in all: " + made.size(),
                            "0",
                            again.isEmpty());
                },
                () -> report.missing("objects that the operator created twice", "no audit log"));
    }

    private void lost(List<String> created, List<String> deleted) {
        List<String> lost = new ArrayList<>();
        int kept = 0;
        for (String name : Stream.concat(created.stream(), deleted.stream()).toList()) {
            kept += check(Secret.class, name + "-binding", lost);
            kept += check(Secret.class, name + "-internal", lost);
            kept += check(PersistentVolumeClaim.class, "data-" + name + "-0", lost);
        }
        report.row(
                "volumes and Secrets (login, keys) lost or replaced",
                lost.size() + (lost.isEmpty() ? "" : ": " + lost),
                "the same from first to last: %d; the deleted ones have deletionPolicy Retain".formatted(kept),
                "0",
                lost.isEmpty());
    }

    private <T extends HasMetadata> int check(Class<T> type, String name, List<String> lost) {
        T now = bed.client.resources(type).inNamespace(bed.busy).withName(name).get();
        Set<String> all = lives.getOrDefault(key(type, name), Set.of());
        boolean kept = now != null && all.equals(Set.of(now.getMetadata().getUid()));
        if (!kept) {
            lost.add(name + " " + all.size() + " lives" + (now == null ? ", gone" : ""));
        }
        return kept ? 1 : 0;
    }

    private <T extends HasMetadata> Following follow(Class<T> type) {
        var resources = bed.client.resources(type).inNamespace(bed.busy);
        resources.list().getItems().forEach(o -> remember(type, o));
        var watch = resources.watch(new Watcher<T>() {
            @Override
            public void eventReceived(Action action, T object) {
                remember(type, object);
            }

            @Override
            public void onClose(WatcherException cause) {
                System.out.println("the watch of " + type.getSimpleName() + " has ended: " + cause.getMessage());
            }
        });
        return watch::close;
    }

    /** A resource whose end cannot fail. */
    @FunctionalInterface
    private interface Following extends AutoCloseable {
        @Override
        void close();
    }

    private <T extends HasMetadata> void remember(Class<T> type, T object) {
        lives.computeIfAbsent(key(type, object.getMetadata().getName()), k -> ConcurrentHashMap.newKeySet())
                .add(Objects.requireNonNull(object.getMetadata().getUid()));
    }

    private static String key(Class<?> type, String name) {
        return type.getSimpleName() + "/" + name;
    }

    private void clean(List<String> created, List<String> deleted) {
        Set<String> all = new HashSet<>(created);
        all.addAll(deleted);
        all.forEach(n -> bed.client
                .resources(Database.class)
                .inNamespace(bed.busy)
                .withName(n)
                .delete());
        all.forEach(n -> Bed.until(n + " to be gone", () -> bed.find(bed.busy, n) == null));
        all.forEach(n -> {
            bed.client.secrets().inNamespace(bed.busy).withName(n + "-binding").delete();
            bed.client.secrets().inNamespace(bed.busy).withName(n + "-internal").delete();
            bed.client
                    .persistentVolumeClaims()
                    .inNamespace(bed.busy)
                    .withName("data-" + n + "-0")
                    .delete();
        });
    }
}

package dev.cistern.bench;

import dev.cistern.api.Database;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** From apply to Ready, one at a time and five at once, and what that asks of the API server. */
final class CreationFigures {
    private static final int ROUNDS = 5;
    // The finalizer, and the two changes that a user can see: creating and running.
    private static final int OWN_WRITES = 3;

    private final Bed bed;
    private final Optional<AuditLog> audit;
    private final Report report;

    private record Kind(String engine, String plan, double target) {}

    /** Seconds from apply until the pod is Ready, and until the Database is. */
    private record Created(double pod, double database) {}

    CreationFigures(Bed bed, Optional<AuditLog> audit, Report report) {
        this.bed = bed;
        this.audit = audit;
        this.report = report;
    }

    void measure() {
        for (Kind kind : List.of(new Kind("redis", "free-256", 4), new Kind("postgresql", "starter-512", 6))) {
            oneByOne(kind);
            fiveAtOnce(kind);
        }
    }

    private void oneByOne(Kind kind) {
        List<Created> created = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        int objects = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String name = "one-%s-%d".formatted(kind.engine(), i);
            Instant start = Instant.now();
            created.add(create(kind, name));
            if (i == ROUNDS - 1) {
                calls(kind, name, start);
            }
            Bare floor = new Bare(bed, name, "raw-%s-%d".formatted(kind.engine(), i));
            objects = floor.size();
            bed.remove(bed.busy, name);
            bare.add(floor.apply());
            floor.remove();
        }
        List<Double> ready = created.stream().map(Created::database).toList();
        double median = Report.median(ready);
        report.row(
                "apply to Ready, %s %s".formatted(kind.engine(), kind.plan()),
                Report.spread(ready) + Report.ratio(median, Report.median(bare)),
                "the same %d objects applied by hand, pod Ready: %s".formatted(objects, Report.spread(bare)),
                "median <= %.0f s".formatted(kind.target()),
                median <= kind.target());
        report.note(
                "of that until the pod was Ready, " + kind.engine(),
                Report.spread(created.stream().map(Created::pod).toList()),
                "");
    }

    private Created create(Kind kind, String name) {
        CompletableFuture<Long> pod = bed.when(Pod.class, bed.busy, name + "-0", Bed::podReady);
        CompletableFuture<Long> database = bed.when(Database.class, bed.busy, name, Bed::ready);
        long start = System.nanoTime();
        bed.apply(bed.busy, name, kind.engine(), kind.plan(), "");
        return new Created(
                Bed.secondsBetween(start, Bed.get(pod, name + "-0")),
                Bed.secondsBetween(start, Bed.get(database, name)));
    }

    private void fiveAtOnce(Kind kind) {
        List<String> names = IntStream.range(0, ROUNDS)
                .mapToObj(i -> "five-%s-%d".formatted(kind.engine(), i))
                .toList();
        List<CompletableFuture<Long>> ready = names.stream()
                .map(n -> bed.when(Database.class, bed.busy, n, Bed::ready))
                .toList();
        long start = System.nanoTime();
        names.forEach(n -> bed.apply(bed.busy, n, kind.engine(), kind.plan(), ""));
        double last = ready.stream()
                .mapToDouble(f -> Bed.secondsBetween(start, Bed.get(f, "five at once")))
                .max()
                .orElseThrow();
        List<Bare> floor = IntStream.range(0, ROUNDS)
                .mapToObj(i -> new Bare(bed, names.get(i), "rawfive-%s-%d".formatted(kind.engine(), i)))
                .toList();
        names.forEach(n -> bed.client
                .resources(Database.class)
                .inNamespace(bed.busy)
                .withName(n)
                .delete());
        names.forEach(n -> Bed.until(n + " to be gone", () -> bed.find(bed.busy, n) == null));
        double bare = floor.stream()
                .map(b -> CompletableFuture.supplyAsync(b::apply, Thread::startVirtualThread))
                .toList()
                .stream()
                .mapToDouble(f -> Bed.get(f, "five by hand"))
                .max()
                .orElseThrow();
        floor.forEach(Bare::remove);
        report.row(
                "five %s at once, apply of the first to Ready of the last".formatted(kind.engine()),
                Report.seconds(last) + Report.ratio(last, bare),
                "the same objects applied by hand, side by side: " + Report.seconds(bare),
                "<= 15 s",
                last <= 15);
    }

    private void calls(Kind kind, String name, Instant start) {
        String figure = "operator's writes for one new " + kind.engine();
        if (audit.isEmpty()) {
            report.missing(figure, "the audit log of this cluster cannot be read from here");
            return;
        }
        List<AuditLog.Call> calls = audit.get()
                .since(
                        start,
                        c -> c.user().equals(bed.operatorUser())
                                && c.namespace().equals(bed.busy)
                                && !c.lease());
        List<AuditLog.Call> about = calls.stream()
                .filter(c -> c.name().startsWith(name) || c.name().isEmpty())
                .toList();
        List<AuditLog.Call> writes = about.stream().filter(AuditLog.Call::write).toList();
        List<AuditLog.Call> events =
                writes.stream().filter(c -> c.resource().equals("events")).toList();
        Set<String> objects = writes.stream()
                .filter(c ->
                        !c.resource().startsWith("databases") && !c.resource().equals("events"))
                .map(c -> c.resource().replaceAll("/.*", "") + "/" + c.name())
                .collect(Collectors.toSet());
        int least = objects.size() + OWN_WRITES;
        int made = writes.size() - events.size();
        report.row(
                figure,
                "%d and %d events: %s".formatted(made, events.size(), counts(writes)),
                "least: %d objects + finalizer + 2 changes of status = %d".formatted(objects.size(), least),
                "<= 1.1x the least",
                made <= least * 1.1);
        List<AuditLog.Call> reads = about.stream()
                .filter(c -> c.verb().equals("get") || c.verb().equals("list"))
                .toList();
        report.row(
                "operator's GETs and LISTs for one new " + kind.engine(),
                reads.size() + (reads.isEmpty() ? "" : ": " + counts(reads)),
                "0: it watches",
                "0",
                reads.isEmpty());
        List<AuditLog.Call> refused =
                about.stream().filter(c -> c.code() >= 400).toList();
        report.note(
                "of the operator's requests refused (409 and others), " + kind.engine(),
                refused.size() + (refused.isEmpty() ? "" : ": " + counts(refused)),
                "");
    }

    /** How often each verb was used on each resource. */
    static String counts(List<AuditLog.Call> calls) {
        return calls.stream()
                .collect(Collectors.groupingBy(
                        c -> c.verb() + " " + c.resource() + (c.code() >= 400 ? " (" + c.code() + ")" : ""),
                        TreeMap::new,
                        Collectors.counting()))
                .entrySet()
                .stream()
                .map((Map.Entry<String, Long> e) -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }
}

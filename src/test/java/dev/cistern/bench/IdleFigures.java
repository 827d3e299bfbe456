package dev.cistern.bench;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Twenty databases in a namespace of their own, which nobody touches while everything else is measured: what the operator
 * asks of the API server about them, and what it weighs.
 */
final class IdleFigures {
    private static final int DATABASES = 20;
    private static final int RUNNING = 3;
    private static final double OPERATOR_MIB = 256;
    private static final double GATEWAY_MIB = 160;
    // Longer than a lease lasts, so that the new operator has surely looked at everything.
    private static final long AFTER_RESTART_MILLIS = 15_000;

    private final Bed bed;
    private final Optional<AuditLog> audit;
    private final Report report;
    private Instant since = Instant.MAX;

    IdleFigures(Bed bed, Optional<AuditLog> audit, Report report) {
        this.bed = bed;
        this.audit = audit;
        this.report = report;
    }

    void begin() {
        IntStream.range(0, DATABASES)
                .forEach(i -> bed.apply(
                        bed.idle,
                        "idle-" + i,
                        i % 2 == 0 ? "redis" : "postgresql",
                        i % 2 == 0 ? "free-256" : "starter-512",
                        i < RUNNING ? "" : ", suspended: true"));
        IntStream.range(0, RUNNING)
                .forEach(i -> Bed.until("idle-" + i, () -> Bed.ready(bed.find(bed.idle, "idle-" + i))));
        IntStream.range(RUNNING, DATABASES).forEach(i -> Bed.until("idle-" + i + " to stop", () -> stopped(i)));
        // What was still on its way is over.
        Bed.sleep(5000);
        since = Instant.now();
    }

    private boolean stopped(int i) {
        var status = bed.database(bed.idle, "idle-" + i).getStatus();
        return status != null && String.valueOf(status.phase()).equals("stopped");
    }

    void end() {
        int seconds = Bed.setting("BENCH_IDLE_SECONDS", 300);
        long left = seconds - java.time.Duration.between(since, Instant.now()).toSeconds();
        Bed.sleep(Math.max(0, left * 1000));
        long passed = java.time.Duration.between(since, Instant.now()).toSeconds();
        weigh("operator", OPERATOR_MIB, DATABASES + " databases known");
        weigh("gateway", GATEWAY_MIB, "after the load");
        count("operator's writes about %d idle databases in %d s (others being worked on)"
                .formatted(DATABASES, passed));
        restart();
    }

    private void count(String figure) {
        audit.ifPresentOrElse(
                log -> {
                    List<AuditLog.Call> calls = log.since(since, this::about);
                    List<AuditLog.Call> writes =
                            calls.stream().filter(AuditLog.Call::write).toList();
                    report.row(
                            figure,
                            writes.size() + (writes.isEmpty() ? "" : ": " + CreationFigures.counts(writes)),
                            "0 by nature; GETs and LISTs about them: "
                                    + calls.stream()
                                            .filter(c -> !c.write() && !c.verb().equals("watch"))
                                            .count(),
                            "0",
                            writes.isEmpty());
                },
                () -> report.missing(figure, "the audit log of this cluster cannot be read from here"));
    }

    private boolean about(AuditLog.Call call) {
        return call.user().equals(bed.operatorUser()) && call.namespace().equals(bed.idle) && !call.lease();
    }

    private void restart() {
        Pod old = bed.pods("operator").getFirst();
        since = Instant.now();
        bed.client.resource(old).delete();
        Bed.until(
                "another operator",
                () -> bed.pods("operator").stream()
                        .anyMatch(p -> !p.getMetadata()
                                        .getUid()
                                        .equals(old.getMetadata().getUid())
                                && Bed.podReady(p)));
        Bed.sleep(AFTER_RESTART_MILLIS);
        audit.ifPresentOrElse(
                log -> {
                    List<AuditLog.Call> calls = log.since(since, c -> c.user().equals(bed.operatorUser()));
                    List<AuditLog.Call> writes = calls.stream()
                            .filter(c -> c.write() && !c.lease() && !c.review())
                            .filter(c -> !c.namespace().equals(bed.busy))
                            .toList();
                    report.row(
                            "operator's writes across its restart with %d databases".formatted(DATABASES),
                            writes.size() + (writes.isEmpty() ? "" : ": " + CreationFigures.counts(writes)),
                            "LISTs to fill its caches: "
                                    + calls.stream()
                                            .filter(c -> c.verb().equals("list"))
                                            .count() + ", GETs: "
                                    + calls.stream()
                                            .filter(c -> c.verb().equals("get") && !c.lease())
                                            .count(),
                            "0",
                            writes.isEmpty());
                },
                () -> report.missing("operator's writes across its restart", "no audit log"));
    }

    private void weigh(String component, double target, String when) {
        if (!Bed.local()) {
            report.missing("resident memory of the " + component, "its process is not on this machine");
            return;
        }
        double most = bed.pods(component).stream()
                .map(p -> HostProcess.of(p, "java"))
                .flatMap(Optional::stream)
                .mapToDouble(HostProcess::resident)
                .max()
                .orElse(Double.NaN);
        String limit = Objects.toString(bed.pods(component)
                .getFirst()
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits()
                .get("memory"));
        report.row(
                "resident memory of the %s, %s".formatted(component, when),
                "%.0f MiB".formatted(most),
                "limit " + limit,
                "<= %.0f MiB".formatted(target),
                most <= target);
    }
}

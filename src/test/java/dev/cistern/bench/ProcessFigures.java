package dev.cistern.bench;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How long a process of Cistern needs from its start until it is ready, with its AOT cache and without: pods of the
 * installed template beside the installed ones, so that nothing of the installation is touched.
 */
final class ProcessFigures {
    private static final int ROUNDS = 3;
    private static final int POLL_MILLIS = 10;

    private final Bed bed;
    private final Report report;

    /** Seconds on the clock, and of the processor. */
    private record Start(double ready, double processor) {}

    ProcessFigures(Bed bed, Report report) {
        this.bed = bed;
        this.report = report;
    }

    void start() {
        for (var target : Map.of("operator", 2.0, "gateway", 1.0).entrySet()) {
            String component = target.getKey();
            String figure = "start of the %s, process to ready".formatted(component);
            if (!Bed.local()) {
                report.missing(figure, "its process is not on this machine");
                continue;
            }
            List<Start> with = new ArrayList<>();
            List<Start> without = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                with.add(measure(component, true));
                without.add(measure(component, false));
            }
            List<Double> ready = with.stream().map(Start::ready).toList();
            List<Double> slow = without.stream().map(Start::ready).toList();
            double median = Report.median(ready);
            report.row(
                    figure,
                    Report.spread(ready) + Report.ratio(median, Report.median(slow)),
                    "without the AOT cache: " + Report.spread(slow),
                    "<= %.0f s".formatted(target.getValue()),
                    median <= target.getValue());
            report.note(
                    "processor time of that, " + component,
                    Report.spread(with.stream().map(Start::processor).toList()),
                    "without the AOT cache: "
                            + Report.spread(
                                    without.stream().map(Start::processor).toList()));
        }
    }

    private Start measure(String component, boolean cached) {
        String name = "bench-start-" + component;
        PodTemplateSpec template = Objects.requireNonNull(bed.client
                        .apps()
                        .deployments()
                        .inNamespace(bed.system)
                        .withName("cistern-" + component)
                        .get())
                .getSpec()
                .getTemplate();
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(bed.system)
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        if (!cached) {
            List<EnvVar> environment =
                    new ArrayList<>(pod.getSpec().getContainers().getFirst().getEnv());
            environment.removeIf(v -> v.getName().equals("JAVA_TOOL_OPTIONS"));
            environment.add(new EnvVar("JAVA_TOOL_OPTIONS", "-XX:AOTMode=off", null));
            pod.getSpec().getContainers().getFirst().setEnv(environment);
        }
        try {
            Pod made = bed.client.resource(pod).create();
            HostProcess process = Bed.patiently(name + "'s process", () -> HostProcess.of(made, "java"));
            String address = Bed.patiently(
                    name + "'s address",
                    () -> Optional.ofNullable(bed.pod(bed.system, name))
                            .map(p -> p.getStatus().getPodIP()));
            long end = System.nanoTime() + Bed.PATIENCE * 1_000_000_000L;
            while (!ready(address)) {
                if (System.nanoTime() > end || !process.alive()) {
                    throw new IllegalStateException(name + " was not ready in time");
                }
                Bed.sleep(POLL_MILLIS);
            }
            return new Start(process.age(), process.processorSeconds());
        } finally {
            var resource = bed.client.pods().inNamespace(bed.system).withName(name);
            resource.withGracePeriod(0).delete();
            Bed.until(name + " to be gone", () -> resource.get() == null);
        }
    }

    private static boolean ready(String address) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://%s:9000/q/health/ready".formatted(address))
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(2000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}

package dev.cistern.bench;

import dev.cistern.api.DatabaseFeature;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a PostgreSQL application feels while something is changed or broken around it. */
final class PostgresqlFigures {
    private static final int PLAINTEXT_SESSIONS = 5;
    private static final int CALM_MILLIS = 4000;

    private final Bed bed;
    private final Report report;

    PostgresqlFigures(Bed bed, Report report) {
        this.bed = bed;
        this.report = report;
    }

    void forceSsl() {
        String name = "ssl";
        bed.apply(bed.busy, name, "postgresql", "starter-512", "");
        bed.awaitReady(bed.busy, name);
        String host = bed.clusterIp(name);
        Map<String, String> binding = bed.binding(name);
        Rest rest = GatewayFigures.rest(bed);
        client(name);
        String before = fromPod(name);
        List<Connection> plaintext = plaintextSessions(host, binding);
        try (Writer writer = new Writer(host, binding)) {
            Bed.sleep(1000);
            long calm = System.nanoTime();
            Bed.sleep(CALM_MILLIS);
            double calmGap = writer.longestGap(calm, System.nanoTime());
            CompletableFuture<Long> activated =
                    bed.when(DatabaseFeature.class, bed.busy, name + "-force-ssl", Bed::settled);
            long start = System.nanoTime();
            rest.post(
                    "/api/databases/ad-"
                            + bed.database(bed.busy, name).getMetadata().getUid() + "/features",
                    "{\"feature\": {\"name\": \"force-ssl\"}}");
            double seconds = Bed.secondsBetween(start, Bed.get(activated, "force-ssl to be ACTIVATED"));
            long ended = plaintext.stream().filter(c -> !valid(c)).count();
            Bed.sleep(CALM_MILLIS / 2);
            double gap = writer.longestGap(start, System.nanoTime());
            String after = fromPod(name);
            report.row(
                    "force-ssl by REST under a writer (TLS, a statement each 20 ms): POST to ACTIVATED",
                    Report.seconds(seconds),
                    "none by hand: the configuration is Patroni's, which only the operator can reach",
                    "<= 5 s",
                    seconds <= 5);
            report.row(
                    "statements of the writer that failed meanwhile",
                    writer.failures().size() + " of "
                            + (writer.written() + writer.failures().size()),
                    "longest gap between writes %s, before the change %s"
                            .formatted(Report.millis(gap), Report.millis(calmGap)),
                    "0",
                    writer.failures().isEmpty());
            report.row(
                    "plaintext sessions ended when ACTIVATED",
                    ended + " of " + PLAINTEXT_SESSIONS,
                    "",
                    "all",
                    ended == PLAINTEXT_SESSIONS);
            boolean refused = after.contains("no encryption") || after.contains("no pg_hba.conf entry");
            report.row(
                    "plaintext from another pod, after",
                    refused ? "refused" : "**" + after + "**",
                    "before: " + before,
                    "refused",
                    refused && before.equals("accepted"));
        } finally {
            plaintext.forEach(PostgresqlFigures::end);
            bed.client
                    .pods()
                    .inNamespace(bed.busy)
                    .withName(name + "-client")
                    .withGracePeriod(0)
                    .delete();
            bed.remove(bed.busy, name);
        }
    }

    private static List<Connection> plaintextSessions(String host, Map<String, String> binding) {
        List<Connection> sessions = new ArrayList<>();
        for (int i = 0; i < PLAINTEXT_SESSIONS; i++) {
            try {
                sessions.add(Writer.connect(Writer.url(host, binding), Writer.login(binding, "disable")));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return sessions;
    }

    private static boolean valid(Connection connection) {
        try {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    private static void end(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It was gone already.
        }
    }

    /** A pod that can run psql against the database. */
    private void client(String database) {
        String image = bed.pod(bed.busy, database + "-0")
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
        bed.applyYaml(bed.busy, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s-client}
                spec:
                  restartPolicy: Never
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 0
                  securityContext: {runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: psql
                      image: %2$s
                      args: [sleep, "3600"]
                      env:
                        - {name: PGSSLMODE, value: disable}
                        - {name: PGCONNECT_TIMEOUT, value: "5"}
                        - {name: PGHOST, valueFrom: {secretKeyRef: {name: %1$s-binding, key: host}}}
                        - {name: PGUSER, valueFrom: {secretKeyRef: {name: %1$s-binding, key: username}}}
                        - {name: PGPASSWORD, valueFrom: {secretKeyRef: {name: %1$s-binding, key: password}}}
                        - {name: PGDATABASE, valueFrom: {secretKeyRef: {name: %1$s-binding, key: database}}}
                      securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                """.formatted(database, image));
        Bed.get(bed.when(Pod.class, bed.busy, database + "-client", Bed::podReady), "the client's pod");
    }

    /** What psql says there when it asks without TLS. */
    private String fromPod(String database) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var exec = bed.client
                .pods()
                .inNamespace(bed.busy)
                .withName(database + "-client")
                .writingOutput(out)
                .writingError(out)
                .exec("psql", "-X", "-A", "-t", "-c", "select 'accepted'")) {
            exec.exitCode().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return "psql did not end: " + e.getMessage();
        }
        return out.toString(StandardCharsets.UTF_8).strip().replace('\n', ' ').replace("|", "/");
    }

    void apiServerCut() {
        String figure = "API server cut from the pods of a PostgreSQL with 2 instances, 60 s, under a writer";
        if (!Bed.local()) {
            report.missing(figure, "the pods' packets do not pass this machine");
            return;
        }
        String name = "cut";
        bed.apply(bed.busy, name, "postgresql", "business-512", "");
        bed.awaitReady(bed.busy, name);
        List<String> addresses = List.of(0, 1).stream()
                .map(i -> bed.pod(bed.busy, name + "-" + i).getStatus().getPodIP())
                .toList();
        try (Writer writer = new Writer(bed.clusterIp(name), bed.binding(name))) {
            Bed.sleep(1000);
            long calm = System.nanoTime();
            Bed.sleep(CALM_MILLIS);
            double calmGap = writer.longestGap(calm, System.nanoTime());
            long start = System.nanoTime();
            try (Cut cut = new Cut(addresses)) {
                Bed.sleep(60_000);
            }
            Bed.sleep(CALM_MILLIS);
            double gap = writer.longestGap(start, System.nanoTime());
            List<String> failures = writer.failures();
            report.row(
                    figure + ": failed writes",
                    "%d of %d".formatted(failures.size(), failures.size() + writer.written())
                            + (failures.isEmpty() ? "" : ", first: " + failures.getFirst()),
                    "acknowledged %d, in the table %d".formatted(writer.written(), writer.rows()),
                    "0",
                    failures.isEmpty());
            report.row(
                    "longest time without a write meanwhile",
                    Report.millis(gap) + Report.ratio(gap, calmGap),
                    "just before: " + Report.millis(calmGap),
                    "<= 1 s",
                    gap <= 1000);
        } finally {
            bed.remove(bed.busy, name);
        }
    }
}

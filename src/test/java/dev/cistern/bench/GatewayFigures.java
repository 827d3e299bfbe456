package dev.cistern.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** One gateway pod beside the API server: the same object, the same token, the same client. */
final class GatewayFigures {
    private static final int WARM_UP_SECONDS = 20;
    private static final int RUN_SECONDS = 4;
    private static final int ACTIONS = 20;
    private static final double ACTION_MILLIS = 150;

    private final Bed bed;
    private final Optional<AuditLog> audit;
    private final Report report;
    private final String name = "rest";

    GatewayFigures(Bed bed, Optional<AuditLog> audit, Report report) {
        this.bed = bed;
        this.audit = audit;
        this.report = report;
    }

    static Rest rest(Bed bed) {
        return new Rest(
                gateway(bed),
                bed.token(),
                bed.secret(bed.system, "cistern-gateway-tls").getOrDefault("ca.crt", ""));
    }

    private static String gateway(Bed bed) {
        return "https://%s:8443"
                .formatted(bed.pods("gateway").getFirst().getStatus().getPodIP());
    }

    void measure() {
        bed.apply(bed.busy, name, "postgresql", "starter-512", "");
        try {
            bed.awaitReady(bed.busy, name);
            String uid = bed.database(bed.busy, name).getMetadata().getUid();
            gets(uid);
            actions(uid);
        } finally {
            bed.remove(bed.busy, name);
        }
    }

    private void gets(String uid) {
        if (!Load.possible()) {
            report.missing("gateway GET", "wrk is not installed");
            return;
        }
        String token = bed.token();
        String gateway = gateway(bed) + "/api/databases/ad-" + uid;
        String server = bed.client.getConfiguration().getMasterUrl().replaceAll("/$", "")
                + "/apis/cistern.dev/v1alpha1/namespaces/%s/databases/%s".formatted(bed.busy, name);
        Load.get(server, token, 16, 5);
        Load.get(gateway, token, 16, WARM_UP_SECONDS);
        for (int connections : List.of(1, 16)) {
            compare(gateway, server, token, connections);
        }
    }

    // A-B-B-A, so that what drifts meets both.
    private void compare(String gateway, String server, String token, int connections) {
        List<Load.Result> ours = new ArrayList<>();
        List<Load.Result> theirs = new ArrayList<>();
        Instant start = Instant.now();
        ours.add(Load.get(gateway, token, connections, RUN_SECONDS));
        theirs.add(Load.get(server, token, connections, RUN_SECONDS));
        theirs.add(Load.get(server, token, connections, RUN_SECONDS));
        ours.add(Load.get(gateway, token, connections, RUN_SECONDS));
        Load.Result a = Load.Result.middle(ours);
        Load.Result b = Load.Result.middle(theirs);
        String what =
                "GET of a database by REST, %d connection%s: ".formatted(connections, connections == 1 ? "" : "s");
        report.note(
                what + "p50", Report.millis(a.p50()) + Report.ratio(a.p50(), b.p50()), direct(Report.millis(b.p50())));
        report.row(
                what + "p99",
                Report.millis(a.p99()) + Report.ratio(a.p99(), b.p99()),
                direct(Report.millis(b.p99())),
                "<= 1.0x",
                a.p99() <= b.p99());
        report.row(
                what + "requests a second",
                "%.0f".formatted(a.perSecond()) + Report.ratio(a.perSecond(), b.perSecond()),
                direct("%.0f".formatted(b.perSecond())),
                ">= 2x",
                a.perSecond() >= 2 * b.perSecond());
        audit.ifPresent(log -> {
            long asked = log.since(
                            start,
                            c -> c.user().equals(bed.caller()) && c.agent().startsWith("cistern-gateway"))
                    .size();
            double each = (double) asked / a.requests();
            report.row(
                    what + "calls of the API server for each",
                    String.format(Locale.ROOT, "%.5f (%d for %d)", each, asked, a.requests()),
                    direct("1"),
                    "<= 0.05",
                    each <= 0.05);
        });
    }

    private static String direct(String figure) {
        return "API server, same object and token: " + figure;
    }

    private void actions(String uid) {
        Rest rest = rest(bed);
        String path = "/api/databases/ad-" + uid + "/action";
        String body = "{\"action_name\": \"list-extensions\", \"params\": null}";
        Map<String, String> binding = bed.binding(name);
        String url = Writer.url(bed.clusterIp(name), binding);
        Properties login = Writer.login(binding, "verify-ca");
        List<Double> ours = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        for (int i = -3; i < ACTIONS; i++) {
            long start = System.nanoTime();
            String answer = rest.post(path, body);
            double action = (System.nanoTime() - start) / 1e6;
            if (!answer.contains("plpgsql")) {
                throw new IllegalStateException(answer);
            }
            start = System.nanoTime();
            query(url, login);
            double statement = (System.nanoTime() - start) / 1e6;
            if (i >= 0) {
                ours.add(action);
                plain.add(statement);
            }
        }
        double median = Report.median(ours);
        report.row(
                "quick action list-extensions by REST, median of " + ACTIONS,
                Report.millis(median) + Report.ratio(median, Report.median(plain)),
                "the same statement by JDBC on a new TLS connection: " + Report.millis(Report.median(plain)),
                "<= %.0f ms".formatted(ACTION_MILLIS),
                median <= ACTION_MILLIS);
    }

    private static void query(String url, Properties login) {
        try (Connection connection = Writer.connect(url, login);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select extname, 'v' || extversion from pg_catalog.pg_extension order by extname")) {
            while (rows.next()) {
                rows.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

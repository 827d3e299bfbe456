package dev.cistern.engine.postgresql;

import dev.cistern.api.Feature;
import dev.cistern.engine.Observation;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.Set;

final class PostgresqlTrial {
    public static void main(String[] a) throws Exception {
        String what = a[0];
        var client = new KubernetesClientBuilder().build();
        var stage = new Stage(client, "pg-try", a.length > 3 ? a[3] : "db");
        stage.version = a[1];
        stage.instances = Integer.parseInt(a[2]);
        try {
            long t = System.nanoTime();
            stage.apply();
            serving(stage, t);
            if (what.equals("keep")) { System.out.println(stage.context().instances()); Thread.sleep(3600_000); }
            once(stage);
            for (var ac : stage.engine.actions()) System.out.println("action " + ac.name());
            System.out.println("probe: " + stage.engine.probe(Feature.FORCE_SSL, stage.context()));
            stage.features = Set.of(Feature.FORCE_SSL);
            t = System.nanoTime(); stage.apply(); stage.settle(Duration.ofSeconds(60)); took("force-ssl on", t);
            System.out.println("probe: " + stage.engine.probe(Feature.FORCE_SSL, stage.context()));
            stage.features = Set.of();
            t = System.nanoTime(); stage.settle(Duration.ofSeconds(60)); took("force-ssl off", t);
            System.out.println("probe: " + stage.engine.probe(Feature.FORCE_SSL, stage.context()));
            t = System.nanoTime(); System.out.println(run(stage, "list-extensions")); System.out.println(run(stage, "pg-list-queries"));
            try { run(stage, "pg-stat-statements-list"); } catch (Exception e) { System.out.println("list before: " + e.getMessage()); }
            t = System.nanoTime(); System.out.println(run(stage, "pg-stat-statements-enable")); took("enable", t);
            stage.engine.observe(stage.context());
            System.out.println(run(stage, "pg-stat-statements-list"));
            System.out.println(run(stage, "pg-stat-statements-reset"));
            System.out.println(run(stage, "pg-stat-statements-list"));
            { var c = stage.context(); var k = new OperatorKeys(new dev.cistern.tls.Certificates(java.time.Clock.systemUTC())); var p = new Patroni(k); var s = new Sessions(k);
            for (String path : new String[]{"/liveness","/patroni","/config","/cluster","/liveness","/patroni","/config","/cluster"}) { long u = System.nanoTime(); p.get(c, c.primary().orElseThrow(), path); took("  GET " + path, u); }
            for (int i = 0; i < 3; i++) { long u = System.nanoTime(); s.operator(c, c.primary().orElseThrow()).close(); took("  operator session", u);
              u = System.nanoTime(); s.client(c, c.primary().orElseThrow()).close(); took("  client session", u);
              u = System.nanoTime(); Wire.serial(c, c.primary().orElseThrow()); took("  serial", u); } }
            t = System.nanoTime(); stage.memory = 1024; stage.settle(Duration.ofSeconds(90)); took("plan up", t);
            t = System.nanoTime(); stage.memory = 256; stage.settle(Duration.ofSeconds(90)); took("plan down", t);
            System.out.println(run(stage, "pg-stat-statements-list"));
            t = System.nanoTime(); stage.renewServer(); stage.settle(Duration.ofSeconds(150)); took("certificate", t);
            t = System.nanoTime();
            var primary = stage.context().primary().orElseThrow();
            System.out.println("hand over: " + stage.engine.handOver(stage.context(), primary)); took("handover", t);
            t = System.nanoTime();
            serving(stage, t); once(stage);
        } finally {
            if (!what.equals("leave")) stage.close();
            client.close();
        }
    }
    static void once(Stage stage) throws Exception {
        for (int i = 0; i < 3; i++) { long t = System.nanoTime(); var c = stage.context(); t = System.nanoTime(); var r = stage.engine.configure(c); took("idle configure " + r, t); }
        for (int i = 0; i < 3; i++) { var c = stage.context(); long t = System.nanoTime(); var r = stage.engine.observe(c); took("idle observe " + r, t); }
    }
    @SuppressWarnings("unchecked")
    static Object run(Stage stage, String name) throws Exception {
        var action = (dev.cistern.engine.Action<Object>) stage.engine.actions().stream().filter(x -> x.name().equals(name)).findFirst().orElseThrow();
        var r = action.run(new dev.cistern.engine.Action.NoParams(), stage.context());
        return name + ": " + new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(r.value());
    }
    static void took(String what, long t) { System.out.printf("%s: %.2f s%n", what, (System.nanoTime() - t) / 1e9); }
    static void serving(Stage stage, long t) throws Exception {
        String last = "";
        long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (System.nanoTime() < end) {
            var o = stage.engine.observe(stage.context());
            if (!o.toString().equals(last)) { last = o.toString(); took(last, t); }
            var c = stage.engine.configure(stage.context());
            if (!c.toString().equals(last)) { took("   " + c, t); }
            if (o instanceof Observation.Serving) return;
            Thread.sleep(200);
        }
        throw new AssertionError("not serving: " + last);
    }
}

package dev.cistern.engine.redis;

import static dev.cistern.api.Feature.REDIS_AOF;
import static dev.cistern.api.Feature.REDIS_RDB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Feature;
import dev.cistern.engine.Sighting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 100 000 keys through every change of persistence, each followed by a kill that leaves no time to save. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PersistenceChangeIT {
    private Bed bed;
    private int round;

    /** The old version takes the same way: {@code -Dredis.version=7.0.15-1}. */
    private static String version() {
        return System.getProperty("redis.version", "8.0.2-1");
    }

    @BeforeAll
    void up() {
        bed = new Bed(version());
    }

    @AfterAll
    void down() {
        bed.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none rdb",
                "rdb aof",
                "aof rdb",
                "rdb both",
                "both rdb",
                "rdb none",
                "none aof",
                "aof both",
                "both aof",
                "aof none",
                "none both",
                "both none"
            })
    void keeps_what_the_new_mode_promises(String change) {
        String from = change.split(" ")[0];
        String to = change.split(" ")[1];
        bed.features(mode(from));
        cli("flushall");
        int key = ++round;
        cli("eval \"for i = 1, 100000 do redis.call('SET', 'k' .. i, ARGV[1]) end\" 0 " + key);

        long start = System.nanoTime();
        bed.features(mode(to));
        System.out.println(change + ": " + (System.nanoTime() - start) / 1_000_000 + " ms; " + files());
        bed.kill();

        boolean kept = !to.equals("none");
        System.out.println(change + " after kill: " + files() + " "
                + bed.exec("grep -E '^(save|appendonly) ' /data/redis.conf").replace("\n", "; "));
        assertThat(cli("dbsize")).isEqualTo(kept ? "100000\n" : "0\n");
        assertThat(cli("get k77777")).isEqualTo(kept ? key + "\n" : "\n");
        bed.settle();
        assertThat(bed.engine.probe(REDIS_RDB, bed.context()).state())
                .isEqualTo(to.equals("rdb") || to.equals("both") ? Sighting.State.ON : Sighting.State.OFF);
        assertThat(bed.engine.probe(REDIS_AOF, bed.context()).state())
                .isEqualTo(to.equals("aof") || to.equals("both") ? Sighting.State.ON : Sighting.State.OFF);
    }

    @Test
    void what_aof_holds_survives_a_kill_at_once() {
        bed.features(REDIS_AOF);
        cli("set last word");
        bed.kill();
        assertThat(cli("get last")).isEqualTo("word\n");
    }

    @Test
    void a_replaced_pod_keeps_everything() {
        for (String mode : List.of("rdb", "aof", "both")) {
            bed.features(mode(mode));
            cli("set pod " + mode);
            bed.replacePod();
            assertThat(cli("get pod")).as(mode).isEqualTo(mode + "\n");
        }
    }

    /** The operator stops after any of its steps, and the server is killed right then: the old promise holds. */
    @Test
    void a_crash_between_any_two_steps_keeps_what_the_old_mode_promises() {
        List<String> changes = List.of("rdb aof", "aof rdb", "both rdb", "rdb both", "aof both");
        List<String> seen = new ArrayList<>();
        for (String change : changes) {
            for (int steps = 0; steps <= 5; steps++) {
                bed.features(mode(change.split(" ")[0]));
                cli("flushall");
                cli("eval \"for i = 1, 20000 do redis.call('SET', 'k' .. i, ARGV[1]) end\" 0 " + ++round);
                if (change.startsWith("rdb")) {
                    cliAsOperator("save");
                }
                bed.want(mode(change.split(" ")[1]));
                try (Session session = bed.operator()) {
                    take(session, steps);
                }
                bed.kill();
                seen.add(change + " after " + steps + " steps: " + cli("dbsize").strip());
                assertThat(cli("get k9999")).as(change + " " + steps).isEqualTo(round + "\n");
                assertThat(cli("dbsize")).as(change + " " + steps).isEqualTo("20000\n");
                bed.settle();
                assertThat(cli("dbsize")).as(change + " settled").isEqualTo("20000\n");
            }
        }
        seen.forEach(System.out::println);
    }

    /** What an earlier AOF has left on the volume must not be taken for the new one. */
    @Test
    void an_old_log_is_never_loaded() {
        for (int steps = 0; steps <= 3; steps++) {
            bed.features(REDIS_AOF);
            cli("set state old");
            bed.features(REDIS_RDB);
            cli("set state new");
            cliAsOperator("save");
            assertThat(files()).contains("appendonlydir");
            bed.want(REDIS_AOF);
            try (Session session = bed.operator()) {
                take(session, steps);
            }
            bed.kill();
            assertThat(cli("get state")).as("after %d steps", steps).isEqualTo("new\n");
            bed.settle();
        }
    }

    @Test
    void a_newer_version_takes_over_the_volume() {
        for (String mode : List.of("rdb", "aof", "both")) {
            try (Bed old = new Bed("7.0.15-1", mode(mode))) {
                old.exec(redisCli("-a " + Contexts.PASSWORD, "set from seven"));
                old.version("8.0.2-1");
                old.replacePod();
                old.settle();
                assertThat(old.exec(redisCli("-a " + Contexts.PASSWORD, "get from")))
                        .isEqualTo("seven\n");
                assertThat(old.exec("redis-server --version")).contains("8.0.2");
            }
        }
    }

    /** Restoring leaves a snapshot and nothing else on the volume; whatever the mode, it is loaded and then kept. */
    @Test
    void a_volume_with_only_a_snapshot_is_loaded_in_every_mode() {
        for (String mode : List.of("rdb", "aof", "both", "none")) {
            bed.features(REDIS_RDB);
            cli("set restored " + mode);
            cliAsOperator("save");
            bed.want(mode(mode));
            bed.exec("rm -rf /data/redis.conf /data/appendonlydir");
            bed.kill();
            assertThat(cli("get restored")).as(mode).isEqualTo(mode + "\n");
            bed.settle();
            bed.kill();
            assertThat(cli("get restored")).as(mode).isEqualTo(mode.equals("none") ? "\n" : mode + "\n");
        }
    }

    private void take(Session session, int steps) {
        for (int i = 0; i < steps; i++) {
            ServerState now = session.state();
            var plan = ChangePlan.of(now, Settings.wanted(bed.context()), Manifests.maxMemory(bed.context()));
            if (!plan.isEmpty()) {
                Reconfiguration.take(plan.getFirst(), now, session);
            }
        }
    }

    private static Feature[] mode(String name) {
        return switch (name) {
            case "rdb" -> new Feature[] {REDIS_RDB};
            case "aof" -> new Feature[] {REDIS_AOF};
            case "both" -> new Feature[] {REDIS_RDB, REDIS_AOF};
            default -> new Feature[0];
        };
    }

    private String files() {
        return bed.exec("cd /data && ls -d * appendonlydir/* 2>/dev/null").replace("\n", " ");
    }

    private String cli(String command) {
        return run("-a " + Contexts.PASSWORD, command);
    }

    private String cliAsOperator(String command) {
        return run("--user cistern --pass operators", command);
    }

    private String run(String login, String command) {
        return bed.exec(redisCli(login, command));
    }

    private static String redisCli(String login, String command) {
        return "redis-cli -p 6380 --tls --cacert /etc/cistern/tls/ca.crt --no-auth-warning " + login + " " + command;
    }
}

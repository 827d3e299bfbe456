package dev.cistern.engine.redis;

import static dev.cistern.api.Feature.FORCE_SSL;
import static dev.cistern.api.Feature.REDIS_AOF;
import static dev.cistern.api.Feature.REDIS_CACHE;
import static dev.cistern.api.Feature.REDIS_RDB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cistern.api.Feature;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.Observation;
import dev.cistern.engine.Sighting;
import dev.cistern.engine.Timeouts;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The engine against a real server. Each test leaves the defaults behind. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class RedisServerIT {
    private Bed bed;

    String version() {
        return "8.0.2-1";
    }

    @BeforeAll
    void up() {
        bed = new Bed(version(), REDIS_RDB);
    }

    @AfterAll
    void down() {
        bed.close();
    }

    private Sighting.State sight(Feature feature) {
        Sighting sighting = bed.engine.probe(feature, bed.context());
        System.out.println(feature + ": " + sighting);
        return sighting.state();
    }

    @Test
    void serves_and_shows_the_defaults() {
        assertThat(bed.engine.observe(bed.context())).isInstanceOf(Observation.Serving.class);
        assertThat(sight(REDIS_RDB)).isEqualTo(Sighting.State.ON);
        assertThat(sight(REDIS_AOF)).isEqualTo(Sighting.State.OFF);
        assertThat(sight(REDIS_CACHE)).isEqualTo(Sighting.State.OFF);
        assertThat(sight(FORCE_SSL)).isEqualTo(Sighting.State.OFF);
    }

    @Test
    void nothing_is_written_when_nothing_is_to_do() {
        try (Session session = bed.operator()) {
            session.set(Map.of("slowlog-log-slower-than", "10000"));
            Map<String, String> before = session.info("commandstats");
            assertThat(bed.engine.configure(bed.context())).isInstanceOf(Configuration.InForce.class);
            Map<String, String> after = session.info("commandstats");

            for (String command : new String[] {"config|set", "config|rewrite", "acl|setuser", "bgsave"}) {
                assertThat(calls(after, command)).as(command).isEqualTo(calls(before, command));
            }
        }
    }

    private static String calls(Map<String, String> stats, String command) {
        return stats.getOrDefault("cmdstat_" + command, "calls=0,").split(",")[0];
    }

    @Test
    void forced_tls_ends_plaintext_sessions_and_no_other() throws Exception {
        try (Socket plain = new Socket(bed.only().address().orElseThrow(), Layout.PLAIN_PORT);
                Session tls = bed.client()) {
            plain.setSoTimeout(5000);
            plain.getOutputStream()
                    .write("AUTH %s\r\n".formatted(Contexts.PASSWORD).getBytes(StandardCharsets.UTF_8));
            assertThat(plain.getInputStream().readNBytes(5)).isEqualTo("+OK\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(sight(FORCE_SSL)).isEqualTo(Sighting.State.OFF);

            bed.features(REDIS_RDB, FORCE_SSL);

            assertThat(sight(FORCE_SSL)).isEqualTo(Sighting.State.ON);
            assertThat(plain.getInputStream().read()).isEqualTo(-1);
            tls.read();
        }
        bed.kill();
        assertThat(bed.exec("grep '^port' /data/redis.conf")).isEqualTo("port 0\n");
        bed.settle();
        assertThat(sight(FORCE_SSL)).isEqualTo(Sighting.State.ON);

        bed.features(REDIS_RDB);

        assertThat(sight(FORCE_SSL)).isEqualTo(Sighting.State.OFF);
    }

    @Test
    void a_renewed_certificate_is_served_without_a_restart() throws Exception {
        String uid = bed.only().uid();
        try (Session open = bed.client()) {
            bed.renew();
            bed.settle();

            assertThat(Wire.serial(bed.context(), bed.only()))
                    .isEqualTo(bed.context().tls().serial());
            open.read();
        }
        assertThat(bed.only().uid()).isEqualTo(uid);
    }

    @Test
    void clients_may_work_and_not_administrate() {
        String cli = "redis-cli -p 6380 --tls --cacert /etc/cistern/tls/ca.crt --no-auth-warning -a "
                + Contexts.PASSWORD + " ";
        for (String allowed : new String[] {
            "set k v", "keys nothing", "info server", "client list", "flushdb", "memory stats", "function list", "role"
        }) {
            assertThat(bed.exec(cli + allowed)).as(allowed).doesNotContain("ERR", "NOPERM");
        }
        for (String refused : new String[] {
            "config get port",
            "config set save x",
            "acl list",
            "save",
            "bgsave",
            "shutdown",
            "replicaof no one",
            "client pause 1",
            "module load x",
            "bgrewriteaof",
            "failover",
            "debug sleep 0"
        }) {
            assertThat(bed.exec(cli + refused)).as(refused).containsAnyOf("NOPERM", "not allowed");
        }
        assertThat(bed.exec(cli + "--user orders acl whoami")).contains("orders");
        assertThat(bed.exec("redis-cli -p 6379 ping")).contains("NOAUTH");
        assertThat(bed.exec("redis-cli -p 6379 --user health --pass x --no-auth-warning get k"))
                .contains("NOPERM");
    }

    @Test
    void logins_that_nobody_asked_for_go_and_lost_ones_come_back() {
        try (Session session = bed.operator()) {
            session.setUser("intruder", List.of("on", "nopass", "+@all"));
            session.deleteUser("orders");

            bed.settle();

            assertThat(session.users()).containsExactlyInAnyOrder("cistern", "health", "default", "orders");
        }
    }

    @Test
    void a_server_that_hangs_costs_no_more_than_a_call_may() {
        await().atMost(Duration.ofSeconds(30)).until(() -> bed.only().ready());
        bed.signal("STOP");
        try {
            long start = System.nanoTime();
            Observation seen = bed.engine.observe(bed.context());
            long observed = System.nanoTime();
            Configuration configured = bed.engine.configure(bed.context());
            long end = System.nanoTime();

            System.out.println(seen + " " + configured);
            assertThat(seen).isInstanceOf(Observation.Degraded.class);
            assertThat(configured).isInstanceOf(Configuration.Changing.class);
            assertThat(Duration.ofNanos(observed - start)).isLessThan(Timeouts.CALL.plusMillis(500));
            assertThat(Duration.ofNanos(end - observed)).isLessThan(Timeouts.CALL.plusMillis(500));
        } finally {
            bed.signal("CONT");
        }
        bed.settle();
    }

    @Test
    void memory_shrinks_live_and_grows_with_the_pod() {
        String uid = bed.only().uid();
        bed.memory(128);
        bed.settle();
        assertThat(bed.only().uid()).isEqualTo(uid);
        assertThat(maxMemory()).isEqualTo(96L << 20);

        bed.memory(256);
        bed.settle();
        assertThat(maxMemory()).isEqualTo(96L << 20);
        bed.replacePod();
        bed.settle();
        assertThat(maxMemory()).isEqualTo(192L << 20);
    }

    private long maxMemory() {
        try (Session session = bed.operator()) {
            return session.state().maxMemory();
        }
    }

    @Test
    void an_operator_without_its_password_says_what_to_do() {
        try (Session session = bed.operator()) {
            session.setUser(Logins.OPERATOR, List.of("resetpass", ">other"));
            assertThat(bed.engine.configure(bed.context()))
                    .isInstanceOfSatisfying(
                            Configuration.Rejected.class,
                            r -> assertThat(r.message()).contains("delete the pod"));
            session.setUser(Logins.OPERATOR, List.of("resetpass", ">operators"));
        }
        bed.settle();
    }

    @Test
    void cache_evicts_and_without_it_writes_are_refused() {
        bed.features(REDIS_CACHE);
        assertThat(sight(REDIS_CACHE)).isEqualTo(Sighting.State.ON);
        assertThat(sight(REDIS_RDB)).isEqualTo(Sighting.State.OFF);
        fill(400_000, 1000);
        try (Session session = bed.operator()) {
            assertThat(Long.parseLong(session.info("stats").getOrDefault("evicted_keys", "0")))
                    .isPositive();
        }
        assertThat(bed.only().ready()).isTrue();
        bed.kill();
        bed.settle();
        assertThat(bed.exec("ls /data")).doesNotContain("dump.rdb", "appendonlydir");

        bed.features(REDIS_RDB);
        assertThat(sight(REDIS_CACHE)).isEqualTo(Sighting.State.OFF);
        assertThat(fill(400_000, 1000)).contains("OOM");
        bed.exec(cli() + "flushall");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> bed.engine.observe(bed.context()) instanceof Observation.Serving);
    }

    private static String cli() {
        return "redis-cli -p 6380 --tls --cacert /etc/cistern/tls/ca.crt --no-auth-warning -a " + Contexts.PASSWORD
                + " ";
    }

    private String fill(int keys, int bytes) {
        return bed.exec(
                "redis-benchmark -p 6380 --tls --cacert /etc/cistern/tls/ca.crt -a %s -t set -n %d -r %d -d %d -P 50 -q 2>&1 | tail -c 300"
                        .formatted(Contexts.PASSWORD, keys, keys * 10, bytes));
    }
}

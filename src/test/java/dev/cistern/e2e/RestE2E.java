package dev.cistern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.e2e.Https.Reply;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST API as a client inside the cluster uses it: by its Service, over verified TLS, with a ServiceAccount's token. */
@Tag("e2e")
@Order(2)
@ExtendWith(Installation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RestE2E {
    private static final String SQL = "shop-db";
    private static final String CACHE = "shop-cache";

    private Space space;
    private Https gateway;
    private String editor;
    private String viewer;
    private String stranger;
    private Database sql;
    private Database cache;

    @BeforeAll
    void prepare() {
        space = Space.open("e2e-rest");
        // Only these fields, as a manifest would: what it does not name, nobody owns.
        Manifests.apply(
                space,
                SQL,
                "{\"engine\": \"postgresql\", \"plan\": \"starter-512\", \"maintenanceWindow\": {\"weekdayUtc\": 5}}");
        Manifests.apply(space, CACHE, "{\"engine\": \"redis\", \"plan\": \"free-256\"}");
        editor = space.token("editor", "cistern-edit");
        viewer = space.token("viewer", "cistern-view");
        stranger = space.token("stranger");
        gateway = new Https(Installation.NAMESPACE, Installation.GATEWAY, 443, Installation.authority());
        space.awaitReady(SQL, CACHE);
        sql = space.get(SQL);
        cache = space.get(CACHE);
    }

    @AfterAll
    void cleanUp() {
        gateway.close();
        space.close();
    }

    @Test
    void showsADatabaseByEachOfItsThreeIds() {
        String uid = sql.getMetadata().getUid();
        String hex = uid.replace("-", "").substring(0, 24);
        String readable = SQL + "-" + uid.substring(0, 4);

        for (String id : List.of("ad-" + uid, hex, readable)) {
            Reply reply = gateway.send(viewer, "GET", "/api/databases/" + id, null);

            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            JsonNode database = reply.body().path("database");
            assertThat(database.path("id").asText()).isEqualTo(hex);
            assertThat(database.path("resource_id").asText()).isEqualTo(readable);
            assertThat(database.path("status").asText()).isEqualTo("running");
            assertThat(database.path("plan").asText()).isEqualTo("starter-512");
            assertThat(database.path("instances").size()).isEqualTo(1);
        }
        assertThat(gateway.send(viewer, "GET", path(sql) + "?", null, Map.of("Content-Type", "application/json"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH", "PUT"})
    void changesBackupsAndWindow(String method) {
        int hour = method.equals("PATCH") ? 3 : 4;

        Reply reply = gateway.send(editor, method, path(cache), """
                {"database": {"periodic_backups_enabled": true, "periodic_backups_scheduled_at": %d,
                 "maintenance_window": {"weekday_utc": 3, "starting_hour_utc": 2%d}}}""".formatted(hour, hour - 3));

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode shown = reply.body().path("database");
        assertThat(shown.path("periodic_backups_scheduled_at").toString()).isEqualTo("[" + hour + "]");
        assertThat(shown.at("/maintenance_window/weekday_utc").asInt()).isEqualTo(3);
        assertThat(space.get(CACHE).getSpec().periodicBackups().scheduledAt()).containsExactly(hour);
        assertThat(gateway.send(
                                editor,
                                method,
                                path(cache),
                                "{\"database\": {\"periodic_backups_scheduled_at\": [" + hour + "]}}")
                        .body()
                        .at("/database/maintenance_window/starting_hour_utc")
                        .asInt())
                .isEqualTo(20 + hour - 3);
    }

    @Test
    void namesTheManagerOfAFieldThatGitOwns() {
        Reply reply = gateway.send(
                editor, "PATCH", path(sql), "{\"database\": {\"maintenance_window\": {\"weekday_utc\": 1}}}");

        assertThat(reply.status()).as(reply.text()).isEqualTo(409);
        assertThat(reply.text()).contains(Manifests.MANAGER);
        assertThat(space.get(SQL).getSpec().maintenanceWindow().weekdayUtc()).isEqualTo(5);
    }

    @Test
    void switchesFeaturesOnAndOff() {
        Reply refused = gateway.send(editor, "POST", path(cache) + "/features", feature("publicly-available"));
        assertThat(refused.status()).as(refused.text()).isEqualTo(422);

        Reply on = gateway.send(editor, "POST", path(cache) + "/features", feature("redis-aof"));
        assertThat(on.status()).as(on.text()).isEqualTo(200);
        assertThat(on.body().path("name").asText()).isEqualTo("redis-aof");
        assertThat(on.body().path("status").asText()).startsWith("PENDING");
        awaitFeature(cache, "redis-aof", "ACTIVATED");

        Reply off = gateway.send(editor, "DELETE", path(cache) + "/features?feature=redis-aof", null);
        assertThat(off.status()).as(off.text()).isEqualTo(200);
        awaitFeature(cache, "redis-aof", "");

        assertThat(gateway.send(editor, "POST", path(cache) + "/features", feature("no-such"))
                        .status())
                .isEqualTo(422);
        assertThat(gateway.send(editor, "POST", path(sql) + "/features", feature("redis-aof"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void forcesTlsOnTheLiveServer() {
        String pod = space.pod(SQL + "-0").getMetadata().getUid();

        Reply on = gateway.send(editor, "POST", path(sql) + "/features", feature("force-ssl"));

        assertThat(on.status()).as(on.text()).isEqualTo(200);
        awaitFeature(sql, "force-ssl", "ACTIVATED");
        assertThat(space.pod(SQL + "-0").getMetadata().getUid()).isEqualTo(pod);
    }

    @Test
    void runsEveryActionOfPostgresql() throws Exception {
        assertThat(result(act("list-extensions", "null")).findValuesAsText("name"))
                .contains("plpgsql");
        assertThat(result(act("pg-stat-statements-enable", "{}")).isNull()).isTrue();
        assertThat(result(act("pg-stat-statements-list", "\"\"")).isArray()).isTrue();
        assertThat(result(act("pg-stat-statements-reset", "null")).isNull()).isTrue();

        try (Connection victim = Sql.connect(space, SQL)) {
            CompletableFuture<SQLException> cancelled = sleeping(victim);
            int pid = pid(victim, "pg_sleep");
            assertThat(result(act("pg-cancel-query", "{\"pid\": " + pid + "}")).isNull())
                    .isTrue();
            assertThat(cancelled.get().getSQLState()).isEqualTo("57014");

            CompletableFuture<SQLException> ended = sleeping(victim);
            assertThat(result(act("pg-terminate-query", "{\"pid\": " + pid(victim, "pg_sleep") + "}"))
                            .isNull())
                    .isTrue();
            assertThat(ended.get().getSQLState()).isIn("57P01", "08006");
        }
    }

    @Test
    void saysWhyAnActionFailed() {
        for (String action : List.of("pg-cancel-query", "pg-terminate-query")) {
            Reply gone = act(action, "{\"pid\": 2147480000}");
            assertThat(gone.status()).isEqualTo(200);
            assertThat(gone.body().path("ok").asInt(-1)).isZero();
            assertThat(gone.body().path("error").asText()).contains("2147480000");
        }
        // Postgres' own processes are not a user's to end.
        assertThat(act("pg-terminate-query", "{\"pid\": 1}").body().path("ok").asInt(-1))
                .isZero();
        assertThat(gateway.send(editor, "POST", path(cache) + "/action", "{\"action_name\": \"list-extensions\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void hostileInputDoesNothing() {
        long before = space.all(DatabaseAction.class).size();
        for (String params : List.of(
                "{\"pid\": \"1; drop table users\"}",
                "{\"pid\": -1}",
                "{\"pid\": 1.5}",
                "{\"pid\": 99999999999999999999}",
                "{\"pid\": null}",
                "{\"pid\": [1]}",
                "{\"pid\": {\"$gt\": 0}}",
                "\"' or 1=1 --\"",
                "[[[[]]]]")) {
            Reply reply = act("pg-cancel-query", params);
            assertThat(reply.status()).as(params + " " + reply.text()).isEqualTo(422);
            assertThat(reply.body().path("error").asText()).isNotEmpty();
        }
        for (String name :
                List.of("../../secrets", "a'; drop table x; --", "x".repeat(5000), "\\u0000", "${jndi:ldap://x}")) {
            assertThat(act(name, "null").status()).as(name).isEqualTo(422);
            assertThat(gateway.send(editor, "POST", path(sql) + "/features", feature(name))
                            .status())
                    .as(name)
                    .isEqualTo(422);
        }
        assertThat((long) space.all(DatabaseAction.class).size()).isEqualTo(before);
        for (String id :
                List.of("%2e%2e%2f%2e%2e", "%00", "a%0d%0aX-Injected:%20y", "ad-", "'%20or%201=1", "x".repeat(2000))) {
            Reply reply = gateway.send(editor, "GET", "/api/databases/" + id, null);
            assertThat(reply.status()).as(id).isEqualTo(404);
            assertThat(reply.headers()).doesNotContainKey("x-injected");
            assertThat(reply.body().isObject()).isTrue();
        }
    }

    @Test
    void answersWhatIsNotHttpWithoutFalling() {
        for (String garbage : List.of(
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "POST " + path(sql) + "/action HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST " + path(sql)
                        + "/action HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /api/databases/x HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(70_000) + "\r\n\r\n")) {
            try {
                assertThat(gateway.raw(garbage).status()).as(garbage).isBetween(400, 505);
            } catch (java.io.UncheckedIOException closed) {
                assertThat(closed).hasMessageNotContaining("timed out");
            }
        }
        assertThat(gateway.send(viewer, "GET", path(sql), null).status()).isEqualTo(200);
    }

    @Test
    void knowsWhoAsks() {
        for (String token :
                new String[] {null, "", "nonsense", "a.b.c", editor + "x", editor.substring(0, editor.length() - 4)}) {
            Reply reply = gateway.send(token, "GET", path(sql), null);
            assertThat(reply.status()).as("token " + token).isIn(400, 401);
            assertThat(reply.text()).doesNotContain(editor);
        }
        assertThat(gateway.send(null, "GET", path(sql), null).header("WWW-Authenticate"))
                .isEqualTo("Bearer");
        assertThat(gateway.send(stranger, "GET", path(sql), null).status()).isEqualTo(403);
        assertThat(gateway.send(viewer, "PATCH", path(sql), "{\"database\": {\"periodic_backups_enabled\": false}}")
                        .status())
                .isEqualTo(403);
        assertThat(gateway.send(viewer, "POST", path(sql) + "/features", feature("force-ssl"))
                        .status())
                .isEqualTo(403);
        assertThat(gateway.send(viewer, "POST", path(sql) + "/action", "{\"action_name\": \"list-extensions\"}")
                        .status())
                .isEqualTo(403);
        Reply smuggled = gateway.send(
                stranger,
                "GET",
                path(sql),
                null,
                Map.of("Impersonate-User", "system:admin", "Impersonate-Group", "system:masters"));
        assertThat(smuggled.status()).isEqualTo(403);
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThat(gateway.send(viewer, "GET", "/api/databases/nothing", null).status())
                .isEqualTo(404);
        assertThat(gateway.send(viewer, "GET", "/api/nothing", null).status()).isEqualTo(404);
        assertThat(gateway.send(editor, "DELETE", path(sql), null).status()).isEqualTo(405);
        assertThat(gateway.send(editor, "GET", path(sql) + "/action", null).status())
                .isEqualTo(405);
        Reply large = gateway.send(editor, "PATCH", path(sql), "{\"database\":" + " ".repeat(70_000) + "{}}");
        assertThat(large.status()).isEqualTo(413);
        assertThat(gateway.send(editor, "PATCH", path(sql), "{").status()).isEqualTo(400);
    }

    @Test
    void givesEachAnswerAnId() {
        Reply kept = gateway.send(viewer, "GET", path(sql), null, Map.of("X-Request-ID", "e2e-1.2"));
        assertThat(kept.header("X-Request-Id")).isEqualTo("e2e-1.2");
        assertThat(gateway.send(viewer, "GET", path(sql), null).header("X-Request-Id"))
                .matches("[0-9a-f-]{36}");
    }

    @Test
    void slowsDownWhoAsksTooMuch() {
        String eager = space.token("eager", "cistern-view");

        List<Reply> replies = new java.util.ArrayList<>();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    replies.addAll(gateway.burst(eager, path(sql), 8, 100));
                    return replies.stream().anyMatch(r -> r.status() == 429);
                });

        assertThat(replies).extracting(Reply::status).containsOnly(200, 429);
        assertThat(replies).filteredOn(r -> r.status() == 429).allSatisfy(r -> {
            assertThat(Integer.parseInt(r.header("Retry-After"))).isPositive();
            assertThat(r.body().isObject()).isTrue();
        });
        assertThat(gateway.send(viewer, "GET", path(sql), null).status()).isEqualTo(200);
    }

    private Reply act(String action, String params) {
        return gateway.send(
                editor,
                "POST",
                path(sql) + "/action",
                "{\"action_name\": \"%s\", \"params\": %s}".formatted(action, params));
    }

    private static JsonNode result(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.body().path("ok").asInt()).as(reply.text()).isEqualTo(1);
        return reply.body().path("result");
    }

    private static CompletableFuture<SQLException> sleeping(Connection connection) {
        return CompletableFuture.supplyAsync(() -> {
            try (var statement = connection.createStatement()) {
                statement.execute("select pg_sleep(25)");
                throw new AssertionError("the query ended by itself");
            } catch (SQLException e) {
                return e;
            }
        });
    }

    private int pid(Connection connection, String query) throws Exception {
        int own = connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
        await().atMost(Duration.ofSeconds(15))
                .until(() -> result(act("pg-list-queries", "null"))
                        .valueStream()
                        .anyMatch(q -> q.path("pid").asInt() == own
                                && q.path("query").asText().contains(query)
                                && q.path("state").asText().equals("active")));
        return own;
    }

    private void awaitFeature(Database database, String feature, String status) {
        await().atMost(Space.PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> gateway.send(viewer, "GET", path(database), null)
                                .body()
                                .at("/database/features")
                                .valueStream()
                                .filter(f -> f.path("name").asText().equals(feature))
                                .map(f -> f.path("status").asText())
                                .findFirst()
                                .orElse(""),
                        status::equals);
    }

    private static String feature(String name) {
        return "{\"feature\": {\"name\": \"" + name + "\", \"status\": \"\"}}";
    }

    private static String path(Database database) {
        return "/api/databases/ad-" + database.getMetadata().getUid();
    }
}

package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings and features, written as the caller to a real API server. */
@QuarkusTest
@Tag("cluster")
@WithTestResource(ApiServerProxy.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GatewayWritesIT {
    @TestHTTPResource("/")
    URI base;

    private Callers gateway;

    @BeforeAll
    void prepare() {
        gateway = Callers.create(base);
    }

    @AfterAll
    void cleanUp() {
        gateway.close();
    }

    @Test
    void changesOnlyWhatIsNamed() {
        Database database = gateway.seen("settings", Callers.REDIS);

        Rest.Reply first = gateway.full().send("PATCH", gateway.path(database), """
                {"database": {"periodic_backups_enabled": true, "periodic_backups_scheduled_at": 3, "new_field": 1}}""");
        Rest.Reply second = gateway.full()
                .send("PUT", gateway.path(database), "{\"database\": {\"maintenance_window\": {\"weekday_utc\": 5}}}");
        Rest.Reply read = gateway.full().get(gateway.path(database));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body().at("/database/periodic_backups_scheduled_at").toString())
                .isEqualTo("[3]");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(read.body());
        assertThat(read.body().at("/database/periodic_backups_scheduled_at").toString())
                .isEqualTo("[3]");
        assertThat(read.body().at("/database/maintenance_window").toString())
                .isEqualTo("{\"weekday_utc\":5,\"starting_hour_utc\":21,\"duration_in_hour\":8}");
    }

    @Test
    void leavesToGitWhatGitKeeps() {
        Database database = gateway.seen(gateway.space().database("from-git", Callers.POSTGRESQL, "argocd-controller"));

        Rest.Reply kept = gateway.full()
                .send("PATCH", gateway.path(database), "{\"database\": {\"periodic_backups_scheduled_at\": [4]}}");
        Rest.Reply same = gateway.full()
                .send("PATCH", gateway.path(database), "{\"database\": {\"periodic_backups_scheduled_at\": [3]}}");
        Rest.Reply free = gateway.full()
                .send("PATCH", gateway.path(database), "{\"database\": {\"periodic_backups_enabled\": false}}");

        assertThat(kept.status()).isEqualTo(409);
        assertThat(kept.body().path("error").asText())
                .isEqualTo("periodic_backups_scheduled_at is managed by argocd-controller, change it there");
        assertThat(same.status()).isEqualTo(200);
        assertThat(free.status()).isEqualTo(200);
        // Git applies again what it always says, and neither side takes anything from the other.
        Database again = gateway.space().database("from-git", Callers.POSTGRESQL, "argocd-controller");
        assertThat(again.getSpec().periodicBackups().enabled()).isFalse();
        assertThat(again.getSpec().periodicBackups().scheduledAt()).containsExactly(3);
    }

    @Test
    void switchesFeatures() {
        Database database = gateway.seen("features", Callers.REDIS);

        assertThat(gateway.enable(gateway.full(), database, "publicly-available")
                        .status())
                .isEqualTo(422);
        assertThat(gateway.enable(gateway.full(), database, "nonsense").status())
                .isEqualTo(422);
        assertThat(gateway.full()
                        .send("POST", gateway.path(database) + "/features", "{\"feature\": \"force-ssl\"}")
                        .status())
                .isEqualTo(422);
        assertThat(gateway.full()
                        .send("DELETE", gateway.path(database) + "/features", null)
                        .status())
                .isEqualTo(422);
        assertThat(gateway.space().features())
                .noneMatch(f -> f.getMetadata().getName().startsWith("features-"));

        Rest.Reply on = gateway.enable(gateway.full(), database, "force-ssl");

        assertThat(on.status()).isEqualTo(200);
        assertThat(on.body()).isEqualTo(Fixtures.text("""
                {"name": "force-ssl", "status": "PENDING", "message": "force-ssl feature is being enabled"}"""));
        assertThat(gateway.listed(database)).contains("force-ssl PENDING_TO_ACTIVATE");
        assertThat(gateway.enable(gateway.full(), database, "force-ssl").body()).isEqualTo(on.body());

        gateway.space().featureStatus("features-force-ssl", "{\"status\": \"ACTIVATED\", \"observedGeneration\": 1}");
        Callers.await(() -> assertThat(gateway.listed(database)).contains("force-ssl ACTIVATED"));
        assertThat(gateway.enable(gateway.full(), database, "force-ssl")
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("ACTIVATED");
        assertThat(gateway.enable(gateway.full(), database, "publicly-available")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.disable(database, "force-ssl").status()).isEqualTo(422);
        assertThat(gateway.disable(database, "publicly-available").status()).isEqualTo(200);

        Rest.Reply off = gateway.disable(database, "force-ssl");

        assertThat(off.status()).isEqualTo(200);
        assertThat(off.body()).isEqualTo(Fixtures.text("{\"message\": \"force-ssl feature has been disabled\"}"));
        assertThat(gateway.disable(database, "force-ssl").body()).isEqualTo(off.body());
    }

    @Test
    void switchesOffWhatIsOnByDefaultAndOnAgain() {
        Database database = gateway.seen("defaults", Callers.REDIS);

        assertThat(gateway.enable(gateway.full(), database, "redis-rdb").status())
                .isEqualTo(200);
        assertThat(gateway.disable(database, "redis-rdb").status()).isEqualTo(200);
        assertThat(gateway.feature("defaults-redis-rdb").getSpec().enabled()).isFalse();
        assertThat(gateway.enable(gateway.full(), database, "redis-rdb")
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("PENDING");
        assertThat(gateway.feature("defaults-redis-rdb").getSpec().enabled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"git-features-redis-aof", "own-name"})
    void leavesToGitTheFeaturesThatGitKeeps(String name) {
        Database database = gateway.seen("git-features", Callers.REDIS);
        gateway.space()
                .admin()
                .resources(DatabaseFeature.class)
                .inNamespace(gateway.space().namespace())
                .delete();
        gateway.space().apply("DatabaseFeature", name, """
                {"databaseRef": {"name": "git-features"}, "feature": "redis-aof", "enabled": true}""", "argocd-controller");
        Callers.await(() -> assertThat(gateway.listed(database)).contains("redis-aof PENDING_TO_ACTIVATE"));

        Rest.Reply reply = gateway.disable(database, "redis-aof");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.body().path("error").asText()).contains(name);
    }
}

package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What clients see while the API server cannot be reached, and after. */
@QuarkusTest
@Tag("cluster")
@WithTestResource(ApiServerProxy.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GatewayOutageIT {
    @TestHTTPResource("/")
    URI base;

    ApiServerProxy apiServer;

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
    void saysWhenTheApiServerIsAwayAndComesBack() {
        Database database = gateway.seen("outage", Callers.REDIS);
        Rest fresh = gateway.as(gateway.space().account("fresh", List.of("get"), "databases"));
        assertThat(gateway.full().get(gateway.path(database)).status()).isEqualTo(200);

        apiServer.cut();
        try {
            Rest.Reply remembered = gateway.full().get(gateway.path(database));
            Rest.Reply unknown = fresh.get(gateway.path(database));
            Rest.Reply write = gateway.enable(gateway.full(), database, "redis-aof");

            assertThat(remembered.status()).isEqualTo(200);
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.header("Retry-After")).isEqualTo("2");
            assertThat(unknown.body().path("error").asText()).contains("API server");
            assertThat(write.status()).isEqualTo(503);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> gateway.full().get(gateway.path(database)).status() == 503);
        } finally {
            apiServer.mend();
        }

        Callers.await(
                () -> assertThat(fresh.get(gateway.path(database)).status()).isEqualTo(200));
        Callers.await(() -> assertThat(
                        gateway.enable(gateway.full(), database, "redis-aof").status())
                .isEqualTo(200));
        assertThat(gateway.listed(database)).contains("redis-aof PENDING_TO_ACTIVATE");
    }
}

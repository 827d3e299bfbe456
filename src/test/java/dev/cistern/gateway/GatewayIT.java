package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets in, and what everybody is told. The API server, the tokens and the rights are real. */
@QuarkusTest
@Tag("cluster")
@WithTestResource(ApiServerProxy.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GatewayIT {
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
    void showsADatabaseByAllItsNames() {
        Database database = gateway.seen("shown", Callers.REDIS);
        gateway.space()
                .status(
                        "shown",
                        "{\"phase\": \"running\", \"features\": [{\"name\": \"redis-rdb\", \"status\": \"ACTIVATED\"}]}");
        Callers.await(() -> assertThat(gateway.full()
                        .get(gateway.path(database))
                        .body()
                        .at("/database/status")
                        .asText())
                .isEqualTo("running"));

        for (String id : DatabaseId.of(database).all()) {
            Rest.Reply reply = gateway.reader().get("/api/databases/" + id + "?");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body().at("/database/id").asText())
                    .isEqualTo(DatabaseId.of(database).id());
            assertThat(reply.body().at("/database/features/0/status").asText()).isEqualTo("ACTIVATED");
            assertThat(reply.body()
                            .at("/database/periodic_backups_scheduled_at")
                            .toString())
                    .isEqualTo("[1]");
        }
    }

    @Test
    void letsInWhoKubernetesLetsIn() {
        Database database = gateway.seen("guarded", Callers.REDIS);

        assertThat(gateway.stranger().get(gateway.path(database)).status()).isEqualTo(403);
        assertThat(gateway.neighbour().get(gateway.path(database)).status()).isEqualTo(403);
        assertThat(gateway.stranger().get("/api/databases/nothing").status()).isEqualTo(404);
        for (Rest nobody :
                List.of(gateway.as(null), gateway.as("garbage"), gateway.as("a.b.c"), gateway.as("x".repeat(10_000)))) {
            for (String id : List.of(DatabaseId.of(database).id(), "nothing")) {
                Rest.Reply reply = nobody.get("/api/databases/" + id);

                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
                assertThat(reply.body().path("error").asText()).isNotEmpty();
            }
        }
        assertThat(gateway.reader()
                        .send("PATCH", gateway.path(database), "{\"database\": {\"periodic_backups_enabled\": false}}")
                        .status())
                .isEqualTo(403);
        assertThat(gateway.reader()
                        .send("PATCH", gateway.path(database), "{\"database\": {\"periodic_backups_enabled\": true}}")
                        .status())
                .isEqualTo(403);
        assertThat(gateway.enable(gateway.reader(), database, "force-ssl").status())
                .isEqualTo(403);
        assertThat(gateway.act(gateway.reader(), database, "{\"action_name\": \"list-extensions\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void rightsTakenAwayEndWithinTenSeconds() {
        Database database = gateway.seen("revoked", Callers.REDIS);
        Rest fired = gateway.as(gateway.space().account("fired", List.of("get"), "databases"));
        assertThat(fired.get(gateway.path(database)).status()).isEqualTo(200);

        gateway.space()
                .admin()
                .rbac()
                .roleBindings()
                .inNamespace(gateway.space().namespace())
                .withName("fired")
                .delete();

        Awaitility.await()
                .atMost(Duration.ofSeconds(12))
                .until(() -> fired.get(gateway.path(database)).status() == 403);
    }

    @Test
    void neverLendsItsOwnRightsOrThoseOfOthers() {
        Database database = gateway.seen("impersonated", Callers.REDIS);

        Rest.Reply reply = gateway.stranger()
                .send(gateway.stranger()
                        .request("GET", gateway.path(database), null)
                        .header("Impersonate-User", "system:admin")
                        .header("Impersonate-Group", "system:masters")
                        .build());
        Rest.Reply twice = gateway.full()
                .send(gateway.full()
                        .request("GET", gateway.path(database), null)
                        .header("Authorization", "Bearer other")
                        .build());

        assertThat(reply.status()).isEqualTo(403);
        assertThat(twice.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api, 404",
        "GET, /api/nothing, 404",
        "POST, /api/databases, 404",
        "POST, /api/databases/x, 405",
        "DELETE, /api/databases/x, 405",
        "GET, /api/databases/x/features, 405",
        "GET, /api/databases/x/action, 405",
        "GET, /api/databases/%2e%2e, 404",
        "GET, /api/databases/%00, 404",
        "GET, /nothing, 404"
    })
    void answersWithJsonWhereNothingIs(String method, String path, int status) {
        Rest.Reply reply = gateway.full().send(method, path, method.equals("POST") ? "{}" : null);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.body().isObject()).isTrue();
        assertThat(reply.body().path("error").asText()).isNotEmpty();
    }

    @Test
    void refusesBodiesThatAreWrongOrTooLarge() {
        Database database = gateway.seen("bodies", Callers.REDIS);

        assertThat(gateway.full()
                        .send("PATCH", gateway.path(database), "{\"database\":")
                        .status())
                .isEqualTo(400);
        assertThat(gateway.full().send("PATCH", gateway.path(database), "{} {}").status())
                .isEqualTo(400);
        assertThat(gateway.full()
                        .send("PATCH", gateway.path(database), "{\"database\": 1}")
                        .status())
                .isEqualTo(422);
        assertThat(gateway.full()
                        .send("PATCH", gateway.path(database), "[".repeat(5000))
                        .status())
                .isEqualTo(400);
        Rest.Reply large = gateway.full().send("PATCH", gateway.path(database), " ".repeat(70_000));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.body().path("code").asText()).isEqualTo("too_large");
    }

    @Test
    void keepsARequestIdOrMakesOne() {
        assertThat(requestId("abc-1.2/3")).isEqualTo("abc-1.2/3");
        assertThat(requestId("a b")).matches("[0-9a-f-]{36}");
        assertThat(requestId("x".repeat(65))).matches("[0-9a-f-]{36}");
        assertThat(gateway.full().get("/api/databases/x").header("X-Request-Id"))
                .matches("[0-9a-f-]{36}");
    }

    @Test
    void slowsDownWhoAsksTooMuch() {
        Rest eager = gateway.as(gateway.space().stranger("eager"));

        List<Rest.Reply> replies = IntStream.range(0, 600)
                .parallel()
                .mapToObj(i -> eager.get("/api/databases/nothing"))
                .toList();

        assertThat(replies).extracting(Rest.Reply::status).containsOnly(404, 429);
        Rest.Reply refused =
                replies.stream().filter(r -> r.status() == 429).findFirst().orElseThrow();
        assertThat(refused.body().path("code").asText()).isEqualTo("rate_limited");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        assertThat(gateway.stranger().get("/api/databases/nothing").status()).isEqualTo(404);
    }

    @Test
    void documentsItself() {
        Rest.Reply document = gateway.as(null).get("/q/openapi?format=json");

        assertThat(document.status()).isEqualTo(200);
        assertThat(document.body()
                        .at("/paths/~1api~1databases~1{id}~1action/post/responses")
                        .has("422"))
                .isTrue();
        assertThat(gateway.as(null).status("/q/swagger-ui/")).isEqualTo(200);
    }

    private String requestId(String given) {
        return gateway.full()
                .send(gateway.full()
                        .request("GET", "/api/databases/x", null)
                        .header("X-Request-Id", given)
                        .build())
                .header("X-Request-Id");
    }
}

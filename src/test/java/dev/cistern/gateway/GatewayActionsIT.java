package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import io.fabric8.kubernetes.client.Watch;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Actions before a real API server; only the operator is a {@link StandInOperator}. */
@QuarkusTest
@Tag("cluster")
@WithTestResource(ApiServerProxy.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GatewayActionsIT {
    @TestHTTPResource("/")
    URI base;

    private Watch operator;
    private Callers gateway;

    @BeforeAll
    void prepare() {
        gateway = Callers.create(base);
        operator = gateway.space()
                .admin()
                .resources(DatabaseAction.class)
                .inNamespace(gateway.space().namespace())
                .watch(
                        new StandInOperator(
                                gateway.space(),
                                Map.of(
                                        "list-extensions",
                                        "{\"phase\": \"Succeeded\", \"result\": [{\"name\": \"plpgsql\", \"version\": \"v1.0\"}]}",
                                        "pg-list-queries",
                                        "{\"phase\": \"Succeeded\", \"result\": [], \"truncated\": 7}",
                                        "pg-terminate-query",
                                        "{\"phase\": \"Succeeded\"}",
                                        "pg-cancel-query",
                                        "{\"phase\": \"Failed\", \"error\": \"there is no query with pid 1\"}",
                                        "pg-stat-statements-list",
                                        "{\"phase\": \"Failed\", \"error\": \"bad\", \"errors\": {\"limit\": [\"is too high\"]}}")));
    }

    @AfterAll
    void cleanUp() {
        operator.close();
        gateway.close();
    }

    @Test
    void runsActions() {
        Database database = gateway.seen("actions", Callers.POSTGRESQL);

        Rest.Reply list =
                gateway.act(gateway.full(), database, "{\"action_name\": \"list-extensions\", \"params\": null}");
        Rest.Reply cut =
                gateway.act(gateway.full(), database, "{\"action_name\": \"pg-list-queries\", \"params\": \"\"}");
        Rest.Reply nothing = gateway.act(
                gateway.full(), database, "{\"action_name\": \"pg-terminate-query\", \"params\": {\"pid\": 2000}}");
        Rest.Reply failed = gateway.act(
                gateway.full(), database, "{\"action_name\": \"pg-cancel-query\", \"params\": {\"pid\": 1}}");

        assertThat(list.status()).isEqualTo(200);
        assertThat(list.raw().body()).isEqualTo("{\"ok\":1,\"result\":[{\"name\":\"plpgsql\",\"version\":\"v1.0\"}]}");
        assertThat(cut.header("X-Cistern-Truncated")).isEqualTo("7");
        assertThat(nothing.raw().body()).isEqualTo("{\"ok\":1,\"result\":null}");
        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.raw().body()).isEqualTo("{\"ok\":0,\"error\":\"there is no query with pid 1\"}");
        assertThat(gateway.space().actions())
                .filteredOn(a -> a.getSpec().databaseRef().name().equals("actions"))
                .hasSize(4)
                .allSatisfy(a -> assertThat(a.getMetadata().getAnnotations())
                        .containsEntry(
                                ActionRun.REQUESTED_BY,
                                "system:serviceaccount:" + gateway.space().namespace() + ":full")
                        .containsKey(ActionRun.REQUEST_ID));
    }

    @Test
    void refusesActionsBeforeAnythingIsMade() {
        Database database = gateway.seen("refused", Callers.POSTGRESQL);

        for (String body : List.of(
                "{}",
                "[]",
                "{\"action_name\": 1}",
                "{\"action_name\": \"drop-everything\"}",
                "{\"action_name\": \"pg-cancel-query\"}",
                "{\"action_name\": \"pg-cancel-query\", \"params\": {\"pid\": \"1; drop table users\"}}",
                "{\"action_name\": \"pg-cancel-query\", \"params\": {\"pid\": 1.5}}",
                "{\"action_name\": \"pg-cancel-query\", \"params\": \"2000\"}")) {
            Rest.Reply reply = gateway.act(gateway.full(), database, body);

            assertThat(reply.status()).as(body).isEqualTo(422);
            assertThat(reply.body().path("ok").asInt(-1)).isZero();
            assertThat(reply.body().path("error").asText()).isNotEmpty();
            assertThat(reply.body().path("errors").isEmpty()).isFalse();
        }
        assertThat(gateway.space().actions())
                .noneMatch(a -> a.getSpec().databaseRef().name().equals("refused"));
    }

    @Test
    void saysWhatTheOperatorFoundWrongAndWhatDidNotEnd() {
        Database database = gateway.seen("endings", Callers.POSTGRESQL);

        Rest.Reply wrong = gateway.act(gateway.full(), database, "{\"action_name\": \"pg-stat-statements-list\"}");
        Rest.Reply late = gateway.act(gateway.full(), database, "{\"action_name\": \"pg-stat-statements-reset\"}");

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body().at("/errors/limit/0").asText()).isEqualTo("is too high");
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.body().path("ok").asInt()).isZero();
        assertThat(late.body().path("error").asText()).contains("did not end within 3 seconds");
    }

    @Test
    void needsTheRightToReadWhatAnActionAnswers() {
        Database database = gateway.seen("blind", Callers.POSTGRESQL);
        Rest blind = gateway.as(
                gateway.space().account("blind", List.of("get", "create"), "databases", "databaseactions/none"));

        assertThat(gateway.act(blind, database, "{\"action_name\": \"list-extensions\"}")
                        .status())
                .isEqualTo(403);
    }
}

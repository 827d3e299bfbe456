package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Feature;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Sighting;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Three instances: the same code, and what only several can show. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresqlClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Stage stage = new Stage("ledger");
    private final Sessions sessions = new Sessions(new OperatorKeys(stage.certificates));

    @BeforeAll
    void start() throws InterruptedException {
        stage.instances = 3;
        stage.memory = 512;
        stage.apply();
        stage.serving(PATIENCE);
    }

    @AfterAll
    void stop() {
        stage.close();
    }

    @Test
    void forceSslIsSeenOnEveryInstance() throws InterruptedException {
        stage.features = Set.of(Feature.FORCE_SSL);
        stage.settle(PATIENCE);
        Sighting seen = stage.engine.probe(Feature.FORCE_SSL, stage.context());
        assertThat(seen.state()).as(seen.message()).isEqualTo(Sighting.State.ON);
        assertThat(seen.message()).contains("ledger-0", "ledger-1", "ledger-2");
        stage.features = Set.of();
        stage.settle(PATIENCE);
    }

    @Test
    void anotherPlanReachesEveryInstanceAndBack() throws Exception {
        for (int memory : new int[] {2048, 512}) {
            stage.memory = memory;
            stage.settle(PATIENCE);
            stage.serving(PATIENCE);
            for (Instance instance : stage.context().instances()) {
                try (var session = sessions.operator(stage.context(), instance)) {
                    assertThat(Queries.rows(session, "show max_connections", r -> r.getInt(1)))
                            .as(instance.name())
                            .containsExactly(memory == 2048 ? 130 : 40);
                }
            }
        }
    }

    @Test
    void anotherInstanceTakesOver() throws InterruptedException {
        stage.serving(PATIENCE);
        Instance before = stage.context().primary().orElseThrow();
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!stage.engine.handOver(stage.context(), before)) {
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.sleep(300);
        }
        stage.serving(PATIENCE);
        assertThat(stage.context().primary().orElseThrow().name()).isNotEqualTo(before.name());
        assertThat(stage.engine.handOver(stage.context(), before)).isTrue();
    }

    @Test
    void comesUpOnRetainedVolumes() throws Exception {
        try (Connection client =
                sessions.client(stage.context(), stage.context().primary().orElseThrow())) {
            client.createStatement().execute("create table public.kept as select 42 as x");
        }
        stage.deleteAllButVolumes();
        stage.apply();
        stage.serving(PATIENCE);
        try (Connection client =
                sessions.client(stage.context(), stage.context().primary().orElseThrow())) {
            assertThat(Queries.number(client, "select x from public.kept")).isEqualTo(42);
        }
    }
}

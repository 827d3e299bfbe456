package dev.cistern.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.engine.redis.ChangePlan.Step;
import dev.cistern.engine.redis.ChangePlan.Step.AwaitAof;
import dev.cistern.engine.redis.ChangePlan.Step.AwaitSnapshot;
import dev.cistern.engine.redis.ChangePlan.Step.Commit;
import dev.cistern.engine.redis.ChangePlan.Step.Forget;
import dev.cistern.engine.redis.ChangePlan.Step.Snapshot;
import dev.cistern.engine.redis.ChangePlan.Step.StartAof;
import dev.cistern.engine.redis.ServerState.Persistence;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangePlanTest {
    private static final long MEMORY = 1000;
    private static final Persistence IDLE = new Persistence(false, false, true, false, true, 7, 3600);

    static Settings mode(String mode) {
        return new Settings(
                mode.contains("rdb") ? Settings.SAVE_POINTS : "", mode.contains("aof"), 6379, Settings.REFUSE);
    }

    private static ServerState settled(Settings settings) {
        return new ServerState(settings, MEMORY, Marks.NONE.withSaved(settings), IDLE);
    }

    @ParameterizedTest
    @CsvSource({
        "none, none, ",
        "none, rdb, Snapshot AwaitSnapshot Commit[save]",
        "none, aof, StartAof AwaitAof Commit[]",
        "none, rdb+aof, StartAof AwaitAof Snapshot AwaitSnapshot Commit[save]",
        "rdb, none, Commit[save]",
        "rdb, rdb, ",
        "rdb, aof, StartAof AwaitAof Commit[save]",
        "rdb, rdb+aof, StartAof AwaitAof Commit[]",
        "aof, none, Commit[appendonly]",
        "aof, rdb, 'Snapshot AwaitSnapshot Commit[appendonly, save]'",
        "aof, aof, ",
        "aof, rdb+aof, Snapshot AwaitSnapshot Commit[save]",
        "rdb+aof, none, 'Commit[appendonly, save]'",
        "rdb+aof, rdb, Snapshot AwaitSnapshot Commit[appendonly]",
        "rdb+aof, aof, Commit[save]",
        "rdb+aof, rdb+aof, ",
    })
    void every_pair_of_modes(String from, String to, String steps) {
        assertThat(words(ChangePlan.of(settled(mode(from)), mode(to), MEMORY))).isEqualTo(steps == null ? "" : steps);
    }

    @Test
    void what_is_in_force_but_not_known_to_be_durable_is_written() {
        ServerState started = new ServerState(mode("rdb"), MEMORY, Marks.NONE, IDLE);

        assertThat(ChangePlan.of(started, mode("rdb"), MEMORY)).containsExactly(new Commit(Map.of()));
    }

    @Test
    void an_aof_that_is_not_complete_is_never_written_down() {
        ServerState writing = new ServerState(
                mode("aof"),
                MEMORY,
                Marks.NONE.withSaved(mode("rdb")),
                new Persistence(false, true, true, false, true, 7, 3600));
        Settings alsoTls = new Settings("", true, 0, Settings.EVICT);

        assertThat(words(ChangePlan.of(writing, alsoTls, MEMORY))).isEqualTo("AwaitAof Commit[maxmemory-policy, port]");
    }

    @Test
    void forced_tls_does_not_wait_for_a_snapshot() {
        Settings tls = new Settings(Settings.SAVE_POINTS, false, 0, Settings.REFUSE);

        assertThat(words(ChangePlan.of(settled(mode("aof")), tls, MEMORY)))
                .isEqualTo("Commit[port] Snapshot AwaitSnapshot Commit[appendonly, save]");
    }

    @Test
    void a_snapshot_that_began_before_the_change_does_not_count() {
        ServerState saving = new ServerState(
                mode("aof"),
                MEMORY,
                Marks.NONE.withSaved(mode("aof")),
                new Persistence(false, false, true, true, true, 7, 0));

        assertThat(words(ChangePlan.of(saving, mode("rdb"), MEMORY)))
                .isEqualTo("AwaitSnapshot Snapshot AwaitSnapshot Commit[appendonly, save]");
    }

    @Test
    void a_snapshot_asked_for_is_waited_for_and_then_used() {
        Marks asked = Marks.NONE.withSaved(mode("aof")).withSnapshot(7);

        assertThat(words(ChangePlan.of(
                        new ServerState(
                                mode("aof"), MEMORY, asked, new Persistence(false, false, true, true, true, 7, 3600)),
                        mode("rdb"),
                        MEMORY)))
                .isEqualTo("AwaitSnapshot Commit[appendonly, save]");
        assertThat(words(ChangePlan.of(
                        new ServerState(
                                mode("aof"), MEMORY, asked, new Persistence(false, false, true, false, true, 8, 1)),
                        mode("rdb"),
                        MEMORY)))
                .isEqualTo("Commit[appendonly, save]");
    }

    @Test
    void a_failed_or_old_snapshot_is_taken_again() {
        Marks asked = Marks.NONE.withSaved(mode("aof")).withSnapshot(7);
        for (Persistence bad : List.of(
                new Persistence(false, false, true, false, false, 7, 1),
                new Persistence(false, false, true, false, false, 8, 1),
                new Persistence(false, false, true, false, true, 8, 3600))) {
            assertThat(words(ChangePlan.of(new ServerState(mode("aof"), MEMORY, asked, bad), mode("rdb"), MEMORY)))
                    .isEqualTo("Snapshot AwaitSnapshot Commit[appendonly, save]");
        }
    }

    @Test
    void a_change_that_was_taken_back_leaves_no_mark() {
        ServerState back = new ServerState(
                mode("aof"), MEMORY, Marks.NONE.withSaved(mode("aof")).withSnapshot(7), IDLE);

        assertThat(ChangePlan.of(back, mode("aof"), MEMORY)).containsExactly(new Forget());
    }

    @Test
    void memory_shrinks_live_and_grows_with_the_pod() {
        assertThat(ChangePlan.of(settled(mode("rdb")), mode("rdb"), MEMORY - 1))
                .containsExactly(new Commit(Map.of("maxmemory", "999")));
        assertThat(ChangePlan.of(settled(mode("rdb")), mode("rdb"), MEMORY + 1)).isEmpty();
    }

    static String words(List<Step> steps) {
        return String.join(
                " ",
                steps.stream()
                        .map(step -> switch (step) {
                            case StartAof _ -> "StartAof";
                            case AwaitAof _ -> "AwaitAof";
                            case Snapshot _ -> "Snapshot";
                            case AwaitSnapshot _ -> "AwaitSnapshot";
                            case Commit(var changes) ->
                                "Commit" + changes.keySet().stream().sorted().toList();
                            case Forget _ -> "Forget";
                        })
                        .toList());
    }
}

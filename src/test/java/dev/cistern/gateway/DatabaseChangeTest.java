package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseChangeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"periodic_backups_enabled": false}                          | {"periodicBackups": {"enabled": false}}
                    {"periodic_backups_scheduled_at": 3}                         | {"periodicBackups": {"scheduledAt": [3]}}
                    {"periodic_backups_scheduled_at": [3, 1]}                    | {"periodicBackups": {"scheduledAt": [3, 1]}}
                    {"maintenance_window": {"weekday_utc": 0}}                   | {"maintenanceWindow": {"weekdayUtc": 0}}
                    {"maintenance_window": {"starting_hour_utc": 23}}            | {"maintenanceWindow": {"startingHourUtc": 23}}
                    {"maintenance_window": {"duration_in_hour": 1}}              | {}
                    {"maintenance_window": null, "plan": "x", "status": {}}      | {}
                    {}                                                           | {}
                    """)
    void readsWhatClientsSend(String database, String spec) {
        DatabaseChange change = DatabaseChange.of(Fixtures.text("{\"database\": " + database + "}"));
        ObjectNode result = Fixtures.JSON.createObjectNode();
        change.into(result);

        assertThat(result).isEqualTo(Fixtures.text(spec));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "24",
                "1.5",
                "\"3\"",
                "true",
                "[]",
                "[1, 1]",
                "[0, 24]",
                "[[1]]",
                "{}",
                "99999999999999999999",
                "1e2"
            })
    void refusesHours(String value) {
        assertRefused("{\"periodic_backups_scheduled_at\": " + value + "}", "periodic_backups_scheduled_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "7", "\"1\"", "1.0", "[]", "{}", "true"})
    void refusesDays(String value) {
        assertRefused("{\"maintenance_window\": {\"weekday_utc\": " + value + "}}", "maintenance_window.weekday_utc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"true\"", "[]", "{}"})
    void refusesSwitches(String value) {
        assertRefused("{\"periodic_backups_enabled\": " + value + "}", "periodic_backups_enabled");
    }

    @Test
    void namesEveryFieldThatIsWrong() {
        assertRefused(
                "{\"maintenance_window\": 1, \"periodic_backups_enabled\": 2}",
                "maintenance_window",
                "periodic_backups_enabled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "1", "{\"database\": null}", "{\"database\": []}"})
    void needsTheWrapper(String body) {
        assertThatThrownBy(() -> DatabaseChange.of(Fixtures.text(body))).isInstanceOf(Refusal.class);
    }

    @Test
    void leavesOutWhatIsSoAlready() {
        DatabaseChange change = DatabaseChange.of(Fixtures.text(
                "{\"database\": {\"periodic_backups_enabled\": false, \"periodic_backups_scheduled_at\": 4}}"));

        assertThat(change.against(Fixtures.yaml("managed-fields.yaml").path("spec"))
                        .values())
                .containsExactlyEntriesOf(Map.of(DatabaseChange.BACKUPS_AT, Fixtures.text("[4]")));
    }

    private static void assertRefused(String database, String... fields) {
        assertThatThrownBy(() -> DatabaseChange.of(Fixtures.text("{\"database\": " + database + "}")))
                .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(422);
                    assertThat(Objects.requireNonNull(refusal.body().errors())).containsOnlyKeys(fields);
                });
    }
}

package dev.cistern.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.DatabaseSpec;
import dev.cistern.api.EngineType;
import dev.cistern.catalogue.Catalogue;
import dev.cistern.catalogue.CatalogueSource;
import dev.cistern.controller.ReleaseChoice.Choice;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseChoiceTest {
    private final ReleaseChoice choice = new ReleaseChoice();
    private final Catalogue catalogue = catalogue();

    private static Catalogue catalogue() {
        try {
            return CatalogueSource.read("""
                    releases:
                    - {engine: postgresql, version: 18.1.0-1, image: i}
                    - {engine: postgresql, version: 17.12.0-2, image: i, preferred: true}
                    - {engine: postgresql, version: 17.12.0-1, image: i}
                    - {engine: postgresql, version: 17.11.0-1, image: i}
                    - {engine: postgresql, version: 15.20.0-1, image: i, upgrades: [17.12.0-2]}
                    plans: []
                    """);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // wanted, running, result
                "-, -, 17.12.0-2",
                "17, -, 17.12.0-2",
                "17.11, -, 17.11.0-1",
                "17.12.0-1, -, 17.12.0-1",
                "18, -, 18.1.0-1",
                "15, -, 15.20.0-1",
                // what runs stays, whatever is newer
                "-, 17.11.0-1, 17.11.0-1",
                "17, 17.11.0-1, 17.11.0-1",
                "17.12, 17.12.0-1, 17.12.0-1",
                // until a newer one is named
                "17.12, 17.11.0-1, 17.12.0-2",
                "17.12.0-2, 17.12.0-1, 17.12.0-2",
            })
    void runs(@Nullable String wanted, @Nullable String running, String result) {
        assertThat(choose(wanted, running))
                .isInstanceOfSatisfying(
                        Choice.Run.class,
                        run -> assertThat(run.release().version().readable()).isEqualTo(result));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "17.11 | 17.12.0-1 | VersionNotReachable | 17.12.0-1 cannot go back to 17.11.0-1: restore a backup into a new Database",
                "17.12.0-1 | 17.12.0-2 | VersionNotReachable | 17.12.0-2 cannot go back to 17.12.0-1: restore a backup into a new Database",
                "18 | 17.12.0-1 | VersionNotReachable | 17.12.0-1 cannot become 18.1.0-1 by a change of spec.version: a major upgrade takes an upgrade action; spec.version stays at 17 until then",
                "15 | 17.12.0-1 | VersionNotReachable | 17.12.0-1 cannot become 15.20.0-1 by a change of spec.version: a major upgrade takes an upgrade action; spec.version stays at 17 until then",
                "16 | - | UnknownVersion | version 16 of postgresql is not in the catalogue: use one of 18.1.0-1, 17.12.0-2, 17.12.0-1, 17.11.0-1, 15.20.0-1",
                "17.1 | 17.12.0-1 | UnknownVersion | version 17.1 of postgresql is not in the catalogue: use one of 18.1.0-1, 17.12.0-2, 17.12.0-1, 17.11.0-1, 15.20.0-1",
                "- | 17.10.0-1 | UnknownVersion | version 17.10.0-1 runs but is no longer in the catalogue: put it back, or name a newer one in spec.version",
            })
    void refuses(@Nullable String wanted, @Nullable String running, String reason, String message) {
        assertThat(choose(wanted, running)).isInstanceOfSatisfying(Choice.Refused.class, refused -> {
            assertThat(refused.problem().reason()).isEqualTo(reason);
            assertThat(refused.problem().message()).isEqualTo(message);
        });
    }

    @Test
    void a_version_that_left_the_catalogue_can_be_left() {
        assertThat(choose("17.12", "17.10.0-1")).isInstanceOf(Choice.Run.class);
    }

    @Test
    void an_empty_catalogue_is_told() {
        var spec = spec(null);
        assertThat(choice.choose(Catalogue.empty(), spec, Optional.empty()))
                .isInstanceOfSatisfying(
                        Choice.Refused.class,
                        r -> assertThat(r.problem().message()).startsWith("version (default) of postgresql"));
    }

    private Choice choose(@Nullable String wanted, @Nullable String running) {
        return choice.choose(catalogue, spec(wanted), Optional.ofNullable(running));
    }

    private static DatabaseSpec spec(@Nullable String version) {
        return new DatabaseSpec(
                EngineType.POSTGRESQL, version, "p", null, null, null, null, null, null, null, null, null);
    }
}

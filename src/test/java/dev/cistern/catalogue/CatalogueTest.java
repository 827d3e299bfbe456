package dev.cistern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cistern.api.EngineType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
    private static final String YAML = """
            imagePrefix: example.com/db
            releases:
            - {engine: postgresql, version: 17.12.0-1, image: a, preferred: true}
            - {engine: postgresql, version: 17.9.0-1, image: b}
            - {engine: postgresql, version: 15.20.0-1, image: c, upgrades: [17.9.0-1, 17.12.0-1]}
            - {engine: redis, version: 8.0.2-1, image: d}
            plans:
            - {name: small, memoryMiB: 512, cpu: 50m, disk: 2Gi}
            - {name: pair, engines: [postgresql], instances: 2, memoryMiB: 512, cpu: 50m, disk: 2Gi,
               backups: {daily: 1, weekly: 2, monthly: 3, manual: 4}}
            """;

    private final Catalogue catalogue = read(YAML);

    private static Catalogue read(String yaml) {
        try {
            return CatalogueSource.read(yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "17",
                "17.12",
                "17.12.0",
                "17.12.0-",
                "17.12.0-1-1",
                "v17.12.0-1",
                "17.12.0-12345",
                " 17.12.0-1"
            })
    void a_version_has_four_numbers(String text) {
        assertThatThrownBy(() -> Version.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void versions_are_ordered_by_number() {
        List<Version> ordered = Stream.of("15.20.0-1", "17.9.0-1", "17.12.0-1", "17.12.0-2", "17.12.1-1")
                .map(Version::parse)
                .toList();
        assertThat(ordered.reversed().stream().sorted()).containsExactlyElementsOf(ordered);
        assertThat(Version.parse("17.12.0-1")).hasToString("17.12.0-1");
    }

    @ParameterizedTest
    @CsvSource({
        "17, true",
        "17.12, true",
        "17.12.0, true",
        "17.12.0-1, true",
        "1, false",
        "17.1, false",
        "17.12.0-10, false"
    })
    void a_prefix_of_whole_numbers_names_a_version(String wanted, boolean matches) {
        assertThat(Version.parse("17.12.0-1").matches(wanted)).isEqualTo(matches);
    }

    @Test
    void the_newest_that_was_named_is_taken_else_the_preferred_one() {
        assertThat(newest("17")).contains("17.12.0-1");
        assertThat(newest("17.9")).contains("17.9.0-1");
        assertThat(newest("16")).isEmpty();
        assertThat(catalogue
                        .newest(EngineType.POSTGRESQL, Optional.empty())
                        .orElseThrow()
                        .preferred())
                .isTrue();
        assertThat(catalogue
                        .newest(EngineType.REDIS, Optional.empty())
                        .orElseThrow()
                        .id())
                .isEqualTo("redis/8.0.2-1");
        assertThat(catalogue.newest(EngineType.MYSQL, Optional.empty())).isEmpty();
    }

    private Optional<String> newest(String wanted) {
        return catalogue
                .newest(EngineType.POSTGRESQL, Optional.of(wanted))
                .map(r -> r.version().readable());
    }

    @Test
    void next_is_the_newest_of_the_major_then_the_newest_upgrade() {
        assertThat(next("17.9.0-1")).contains("17.12.0-1");
        assertThat(next("15.20.0-1")).contains("17.12.0-1");
        assertThat(next("15.18.0-1")).contains("15.20.0-1");
        assertThat(next("17.12.0-1")).isEmpty();
    }

    private Optional<String> next(String from) {
        return catalogue
                .next(EngineType.POSTGRESQL, Version.parse(from))
                .map(r -> r.version().readable());
    }

    @Test
    void a_plan_without_engines_is_for_all() {
        assertThat(catalogue.plans(EngineType.REDIS).map(Plan::name)).containsExactly("small");
        assertThat(catalogue.plans(EngineType.POSTGRESQL).map(Plan::name)).containsExactly("small", "pair");
        assertThat(catalogue.plan(EngineType.REDIS, "pair")).isEmpty();
    }

    @Test
    void a_plan_has_defaults() {
        Plan small = catalogue.plan(EngineType.REDIS, "small").orElseThrow();
        assertThat(small.instances()).isEqualTo(1);
        assertThat(small.backups()).isEqualTo(new Plan.Backups(7, 4, 0, 10));
        assertThat(catalogue.plan(EngineType.POSTGRESQL, "pair").orElseThrow().backups())
                .isEqualTo(new Plan.Backups(1, 2, 3, 4));
    }

    @Test
    void what_cannot_be_read_is_refused_as_a_whole() {
        assertThatThrownBy(() -> CatalogueSource.read("releases: [{engine: redis, version: eight, image: i}]"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void listeners_hear_of_a_change() {
        CatalogueSource source = new CatalogueSource();
        var heard = new java.util.ArrayList<Catalogue>();
        source.onChange(() -> heard.add(source.current()));
        source.set(catalogue);
        assertThat(heard).containsExactly(catalogue);
    }
}

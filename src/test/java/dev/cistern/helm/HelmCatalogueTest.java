package dev.cistern.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.api.Crds;
import dev.cistern.api.EngineType;
import dev.cistern.catalogue.Catalogue;
import dev.cistern.catalogue.CatalogueSource;
import dev.cistern.catalogue.Plan;
import dev.cistern.catalogue.Release;
import dev.cistern.catalogue.Version;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The catalogue and the CRDs that the chart carries. */
class HelmCatalogueTest {
    private static final BigDecimal GIBIBYTE = new BigDecimal(1L << 30);

    @Test
    void operatorReadsTheDefaultCatalogue() throws IOException {
        Catalogue catalogue = catalogue("{}");

        assertThat(catalogue.releases())
                .extracting(Release::image)
                .contains("docker.io/cistern/postgresql:17.12.0-1", "docker.io/cistern/redis:8.0.2-1");
        assertThat(catalogue.newest(EngineType.POSTGRESQL, Optional.empty()).orElseThrow())
                .extracting(Release::id)
                .isEqualTo("postgresql/17.12.0-1");
    }

    @Test
    void everyEngineHasOnePreferredReleaseAndUpgradesLeadToReleases() throws IOException {
        Catalogue catalogue = catalogue("{}");
        Map<String, Long> preferred = catalogue.releases().stream()
                .collect(Collectors.groupingBy(
                        Release::engine, Collectors.filtering(Release::preferred, Collectors.counting())));

        assertThat(preferred)
                .containsOnlyKeys("postgresql", "redis")
                .allSatisfy((engine, count) -> assertThat(count).as(engine).isEqualTo(1));
        assertThat(catalogue.releases()).extracting(Release::id).doesNotHaveDuplicates();
        assertThat(catalogue.releases())
                .allSatisfy(release -> assertThat(release.upgrades())
                        .allSatisfy(to -> assertThat(catalogue.releases())
                                .extracting(Release::id)
                                .contains(release.engine() + "/" + to.readable())));
    }

    @Test
    void plansAreLargeEnoughToStartAndSmallEnoughToFit() throws IOException {
        List<Plan> plans = catalogue("{}").plans();

        assertThat(plans).extracting(Plan::name).doesNotHaveDuplicates().contains("free-256", "starter-512");
        assertThat(plans).allSatisfy(plan -> {
            assertThat(plan.memoryMiB()).as(plan.name()).isGreaterThanOrEqualTo(256);
            assertThat(Quantity.getAmountInBytes(plan.disk()))
                    .as(plan.name())
                    .isBetween(GIBIBYTE, GIBIBYTE.multiply(BigDecimal.valueOf(20)));
            assertThat(Quantity.getAmountInBytes(plan.cpu())).as(plan.name()).isPositive();
            if (plan.instances() > 1) {
                assertThat(plan.engines()).as(plan.name()).containsExactly("postgresql");
            }
        });
    }

    @Test
    void unavailableReleasesAreOfferedNowhere() throws IOException {
        Catalogue catalogue = catalogue("{catalogue: {unavailable: [postgresql/17.12.0-1, redis/7.0.15-1]}}");

        assertThat(catalogue.releases())
                .extracting(Release::id)
                .containsExactly(
                        "postgresql/17.11.0-1", "postgresql/15.20.0-1", "postgresql/15.18.0-1", "redis/8.0.2-1");
        assertThat(catalogue.releases())
                .allSatisfy(r -> assertThat(r.upgrades()).isEmpty());
        // The preferred one is gone: then it is the newest.
        assertThat(catalogue.newest(EngineType.POSTGRESQL, Optional.empty()).orElseThrow())
                .extracting(Release::version)
                .isEqualTo(Version.parse("17.11.0-1"));
    }

    @Test
    void imagesComeFromWhereTheValuesSay() throws IOException {
        Catalogue catalogue = catalogue("{catalogue: {imagePrefix: r.example.com/db, releases: ["
                + "{engine: redis, version: 8.0.2-1}, {engine: redis, version: 8.0.1-1, image: 'mine:1'}]}}");

        assertThat(catalogue.releases())
                .extracting(Release::image)
                .containsExactly("r.example.com/db/redis:8.0.2-1", "mine:1");
    }

    @Test
    void crdsAreThoseOfTheJavaTypesAndOutliveTheRelease() throws IOException {
        Chart chart = Chart.render("{}");

        for (var kind : Crds.KINDS) {
            var file = HasMetadata.getFullResourceName(kind);
            var generated = Chart.documents(Crds.generate().get(file + ".yaml")).getFirst();
            var rendered = chart.one("CustomResourceDefinition", file);
            // Helm writes 23 where the generator writes 23.0.
            assertThat(numbersAsText(rendered.path("spec").toString()))
                    .isEqualTo(numbersAsText(generated.path("spec").toString()));
            assertThat(rendered.at("/metadata/annotations/helm.sh~1resource-policy")
                            .asText())
                    .isEqualTo("keep");
        }
        assertThat(Chart.render("{crds: {install: false}}").all("CustomResourceDefinition"))
                .isEmpty();
    }

    private static JsonNode numbersAsText(String json) throws IOException {
        return Chart.YAML.readTree(json.replaceAll("([0-9])\\.0([,}])", "$1$2"));
    }

    private static Catalogue catalogue(String values) throws IOException {
        return CatalogueSource.read(Chart.render(values)
                .one("ConfigMap", CatalogueSource.CONFIG_MAP)
                .path("data")
                .path(CatalogueSource.KEY)
                .asText());
    }
}

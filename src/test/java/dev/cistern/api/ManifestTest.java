package dev.cistern.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The files that {@link CrdAdmissionIT} tries are in order, so that none of them is left out or proves nothing. */
class ManifestTest {
    @Test
    void namesAndCommentsAgree() {
        assertThat(Manifest.all(CrdAdmissionIT.CORPUS)).allSatisfy(manifest -> {
            assertThat(manifest.name()).matches("full/[a-z]+\\.yaml|[a-z]+/(valid|invalid)-[a-z0-9-]+\\.yaml");
            assertThat(manifest.expect().isPresent())
                    .as("%s: an invalid file, and no other, says what to expect", manifest.name())
                    .isEqualTo(manifest.name().contains("/invalid-"));
            assertThat(manifest.documents()).hasSizeBetween(1, manifest.delete() ? 1 : 2);
        });
    }

    @Test
    void eachLiesInTheDirectoryOfItsKind() {
        assertThat(Manifest.all(CrdAdmissionIT.CORPUS))
                .filteredOn(manifest -> !manifest.name().startsWith("full/"))
                .allSatisfy(manifest -> assertThat(manifest.name())
                        .startsWith(manifest.last().getKind().toLowerCase(Locale.ROOT) + "/"));
    }

    @Test
    void everyKindHasManifestsOfBothSorts() {
        List<String> names =
                Manifest.all(CrdAdmissionIT.CORPUS).stream().map(Manifest::name).toList();
        assertThat(Crds.KINDS)
                .allSatisfy(kind -> assertThat(names)
                        .anyMatch(name -> name.startsWith(HasMetadata.getSingular(kind) + "/valid-"))
                        .anyMatch(name -> name.startsWith(HasMetadata.getSingular(kind) + "/invalid-")));
    }

    @Test
    void everyExampleStartsWithWhatItIsFor() {
        Path examples = Path.of("examples");
        assertThat(Manifest.all(examples))
                .hasSizeGreaterThan(10)
                .allSatisfy(manifest ->
                        assertThat(examples.resolve(manifest.name())).content().startsWith("# "));
    }
}

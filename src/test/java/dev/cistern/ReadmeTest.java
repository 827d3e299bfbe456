package dev.cistern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Feature;
import dev.cistern.engine.Action;
import dev.cistern.engine.Engine;
import dev.cistern.testing.LocalOperator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README says of the engines and packages is what the code has. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");

    @Test
    void engineTableIsTrue() throws IOException {
        List<List<String>> rows = rows("## Engines");
        List<Engine> engines = LocalOperator.engines();
        assertThat(rows.stream().map(List::getFirst)).containsExactlyElementsOf(ids(engines));
        for (Engine engine : engines) {
            List<String> row = rows.stream()
                    .filter(r -> r.getFirst().equals(engine.type().id()))
                    .findFirst()
                    .orElseThrow();
            assertThat(words(row.get(1)))
                    .as("versions of %s", engine.type())
                    .containsExactlyElementsOf(LocalOperator.catalogue()
                            .releases(engine.type())
                            .map(r -> shortForm(r.version().readable()))
                            .toList());
            assertThat(words(row.get(3)))
                    .as("features of %s", engine.type())
                    .containsExactlyElementsOf(engine.features().keySet().stream()
                            .map(Feature::id)
                            .sorted()
                            .toList());
            assertThat(words(row.get(4)))
                    .as("actions of %s", engine.type())
                    .containsExactlyElementsOf(
                            engine.actions().stream().map(Action::name).sorted().toList());
        }
    }

    @Test
    void packageMapIsTrue() throws IOException {
        String named = rows("## Architecture").stream().map(List::getFirst).collect(Collectors.joining(", "));
        List<String> real;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/cistern"))) {
            real = files.filter(f -> f.endsWith("package-info.java"))
                    .map(f -> Path.of("src/main/java/dev/cistern")
                            .relativize(f.getParent())
                            .toString()
                            .replace('/', '.'))
                    .filter(p -> !p.isEmpty())
                    .sorted()
                    .toList();
        }
        assertThat(Arrays.stream(named.replace("`", "").split(", ")).sorted()).containsExactlyElementsOf(real);
    }

    @Test
    void readmeIsShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThan(200);
    }

    // 17.12.0-1 is 17.12 to its users where the engine counts with two numbers.
    private static String shortForm(String readable) {
        String version = readable.substring(0, readable.indexOf('-'));
        return version.endsWith(".0") && version.chars().filter(c -> c == '.').count() == 2
                ? version.substring(0, version.length() - 2)
                : version;
    }

    private static List<String> ids(List<Engine> engines) {
        return engines.stream().map(e -> e.type().id()).toList();
    }

    private static List<String> words(String cell) {
        return cell.isBlank() ? List.of() : List.of(cell.split(", "));
    }

    private static List<List<String>> rows(String section) throws IOException {
        return Files.readAllLines(README).stream()
                .dropWhile(l -> !l.equals(section))
                .skip(1)
                .takeWhile(l -> !l.startsWith("## "))
                .filter(l -> l.startsWith("| "))
                .skip(1)
                .map(l -> Arrays.stream(l.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }
}

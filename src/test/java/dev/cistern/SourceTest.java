package dev.cistern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the rules of the code base say and no compiler sees. */
class SourceTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/cistern");
    private static final int MOST_LINES = 300;
    private static final Pattern ENGINE =
            Pattern.compile("\\b(postgres(ql)?|mysql|mongo(db)?|redis|influx(db)?)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)(?<![:\"])//.*$", Pattern.DOTALL);

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            return all.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static String code(Path file) {
        try {
            return COMMENT.matcher(Files.readString(file)).replaceAll("");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void no_engine_is_named_outside_its_package() throws IOException {
        assertThat(files().stream()
                        .filter(f -> !f.startsWith(SOURCES.resolve("api")))
                        .filter(f -> !(f.startsWith(SOURCES.resolve("engine"))
                                && f.getNameCount() > SOURCES.getNameCount() + 2))
                        .filter(f -> ENGINE.matcher(code(f)).find()))
                .isEmpty();
    }

    @Test
    void files_are_short() throws IOException {
        for (Path file : files()) {
            assertThat(Files.readAllLines(file).size()).as(file.toString()).isLessThanOrEqualTo(MOST_LINES);
        }
    }

    @Test
    void every_package_says_what_it_is_for() throws IOException {
        assertThat(files().stream()
                        .map(f -> f.resolveSibling("package-info.java"))
                        .distinct()
                        .filter(f -> !Files.exists(f)))
                .isEmpty();
        for (Path file : files()) {
            if (file.endsWith("package-info.java")) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .startsWith("/**")
                        .contains("@org.jspecify.annotations.NullMarked");
            }
        }
    }

    @Test
    void nobody_prints_or_exits() throws IOException {
        Pattern forbidden = Pattern.compile("System\\.(out|err|exit)|printStackTrace");
        assertThat(files().stream().filter(f -> forbidden.matcher(code(f)).find()))
                .isEmpty();
    }
}

package dev.cistern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table. It is written after every row, so that a run that is cut short leaves what it has. */
final class Report {
    private static final Path FILE = Path.of("target", "bench.md");
    private static final String HEAD = "| figure | measured | floor or peer | target | met |\n|---|---|---|---|---|\n";

    private final List<String> rows = new ArrayList<>();

    /**
     * A figure with a target.
     *
     * @param figure what was measured, and on what
     * @param measured the result
     * @param beside the same without Cistern, in the same run; or why there is none
     * @param target the goal
     * @param met whether it was reached
     */
    void row(String figure, String measured, String beside, String target, boolean met) {
        add(figure, measured, beside, target, met ? "yes" : "**no**");
    }

    /** A figure that only explains another one. */
    void note(String figure, String measured, String beside) {
        add(figure, measured, beside, "", "");
    }

    /** A figure that could not be measured here, and why. */
    void missing(String figure, String why) {
        add(figure, "not measured", why, "", "");
    }

    private synchronized void add(String... cells) {
        String row = "| " + String.join(" | ", cells) + " |";
        rows.add(row);
        System.out.println(row);
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return HEAD + String.join("\n", rows) + "\n";
    }

    static String seconds(double value) {
        return String.format(Locale.ROOT, "%.2f s", value);
    }

    static String millis(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f ms" : "%.0f ms", value);
    }

    /** Median with the least and the most. */
    static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none"
                : String.format(
                        Locale.ROOT,
                        "%.2f s (%.2f to %.2f, n = %d)",
                        median(sorted),
                        sorted.getFirst(),
                        sorted.getLast(),
                        sorted.size());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return n == 0 ? Double.NaN : n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
    }

    static String ratio(double value, double floor) {
        return Double.isNaN(floor) || floor == 0 ? "" : String.format(Locale.ROOT, " (%.2fx)", value / floor);
    }

    static @Nullable Double parsed(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}

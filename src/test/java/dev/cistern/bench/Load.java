package dev.cistern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many GETs of one address over connections that stay open, by wrk, which takes little of the processor itself. */
final class Load {
    private static final Pattern LATENCY = Pattern.compile("\\s(50|99)%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern COUNT = Pattern.compile("([0-9]+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)");
    private static final Pattern SOCKET = Pattern.compile("Socket errors: (.*)");

    private Load() {}

    /**
     * What one run, or several, came to.
     *
     * @param requests answered
     * @param perSecond how many a second
     * @param p50 median latency, milliseconds
     * @param p99 and the slowest hundredth's
     */
    record Result(long requests, double perSecond, double p50, double p99) {
        static Result middle(List<Result> runs) {
            return new Result(
                    runs.stream().mapToLong(Result::requests).sum(),
                    Report.median(runs.stream().map(Result::perSecond).toList()),
                    Report.median(runs.stream().map(Result::p50).toList()),
                    Report.median(runs.stream().map(Result::p99).toList()));
        }
    }

    static boolean possible() {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(p -> Files.isExecutable(Path.of(p, "wrk")));
    }

    static Result get(String url, String token, int connections, int seconds) {
        try {
            // The arguments of a process can be read by others, so the token goes through the environment.
            Path script = Files.createTempFile("bench", ".lua");
            Files.writeString(script, "wrk.headers['Authorization'] = 'Bearer ' .. os.getenv('TOKEN')\n");
            ProcessBuilder wrk = new ProcessBuilder(new ArrayList<>(List.of(
                    "wrk",
                    "--threads",
                    "1",
                    "--connections",
                    String.valueOf(connections),
                    "--duration",
                    seconds + "s",
                    "--timeout",
                    "10s",
                    "--latency",
                    "--script",
                    script.toString(),
                    url)));
            wrk.environment().put("TOKEN", token);
            Process process = wrk.redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Files.delete(script);
            for (Pattern error : List.of(BAD, SOCKET)) {
                Matcher m = error.matcher(out);
                if (m.find()) {
                    throw new IllegalStateException(url + ": " + m.group());
                }
            }
            return new Result((long) number(COUNT, out), number(RATE, out), latency("50", out), latency("99", out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double number(Pattern pattern, String out) {
        Matcher m = pattern.matcher(out);
        if (!m.find()) {
            throw new IllegalStateException("wrk said: " + out);
        }
        return Double.parseDouble(m.group(1));
    }

    private static double latency(String percentile, String out) {
        Matcher m = LATENCY.matcher(out);
        while (m.find()) {
            if (m.group(1).equals(percentile)) {
                double factor = switch (m.group(3)) {
                    case "us" -> 1e-3;
                    case "ms" -> 1;
                    default -> 1e3;
                };
                return Double.parseDouble(m.group(2)) * factor;
            }
        }
        throw new IllegalStateException("wrk said: " + out);
    }
}

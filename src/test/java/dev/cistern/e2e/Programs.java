package dev.cistern.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The programs that a user would run: those of the local cluster, or the user's own where the cluster is. */
final class Programs {
    private static final long MINUTES = 4;

    private Programs() {}

    /**
     * How a program ended.
     *
     * @param exit its code
     * @param output what it wrote, errors included
     */
    record Result(int exit, String output) {
        String succeeded() {
            if (exit != 0) {
                throw new AssertionError("exit code " + exit + ": " + output);
            }
            return output;
        }
    }

    /** Whether the tests run on the cluster of {@code cluster/}, whose processes and logs are on this machine. */
    static boolean local() {
        return Optional.ofNullable(System.getenv("CLUSTER")).orElse("local").equals("local");
    }

    static String kubectl(String... arguments) {
        return run(Map.of(), command("kubectl", arguments)).succeeded();
    }

    static String helm(String... arguments) {
        return run(Map.of(), command("helm", arguments)).succeeded();
    }

    static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(local() ? List.of("cluster/run", program) : List.of(program));
        command.addAll(List.of(arguments));
        return command;
    }

    static Result run(Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("output", ".txt");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " did not end: " + Files.readString(output));
                }
                return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

package dev.cistern.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the local cluster's API server wrote down: every request once, with who asked for it. */
final class AuditLog {
    private static final Set<String> READS = Set.of("get", "list", "watch");
    private static final Path DIRECTORY = Path.of(
            Optional.ofNullable(System.getenv("CISTERN_STATE"))
                    .orElse(System.getProperty("user.home") + "/.local/state/cistern"),
            "cluster",
            "log");

    private AuditLog() {}

    /**
     * A request to the API server.
     *
     * @param at when it came in
     * @param user who asked
     * @param verb get, list, watch, create, update, patch, delete
     * @param group API group
     * @param resource plural, with a subresource after a slash
     * @param namespace empty for what has none
     * @param name empty for lists, and where the API server chose it
     * @param code HTTP status
     */
    record Request(
            Instant at,
            String user,
            String verb,
            String group,
            String resource,
            String namespace,
            String name,
            int code) {

        boolean writes() {
            return !READS.contains(verb) && !resource.startsWith("selfsubject") && !resource.equals("tokenreviews");
        }

        /** What it was about. */
        String object() {
            return resource + "/" + name;
        }

        @Override
        public String toString() {
            return "%s %s %s %s/%s %d".formatted(at, verb, resource, namespace, name, code);
        }
    }

    /** The answered requests of a user since then, oldest first. */
    static List<Request> of(String user, Instant since) {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            // Older parts carry the time of their end in their names, and the one being written sorts behind them.
            List<Path> parts = files.filter(f -> f.getFileName().toString().matches("audit.*\\.log"))
                    .filter(f -> touchedSince(f, since))
                    .sorted()
                    .toList();
            List<Request> found = new ArrayList<>();
            for (Path part : parts) {
                read(part, user, since, found);
            }
            found.sort(java.util.Comparator.comparing(Request::at));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean touchedSince(Path file, Instant since) {
        try {
            return !Files.getLastModifiedTime(file).toInstant().isBefore(since);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Path file, String user, Instant since, List<Request> found) throws IOException {
        String wanted = "\"username\":\"" + user + "\"";
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            while (line != null) {
                // The last line may be half written; it is whole when the next one is there.
                if (line.contains(wanted) && line.endsWith("}")) {
                    JsonNode event = Texts.json(line);
                    if (event.path("stage").asText().equals("ResponseComplete")
                            || event.path("verb").asText().equals("watch")) {
                        Request request = request(event);
                        if (!request.at().isBefore(since)) {
                            found.add(request);
                        }
                    }
                }
                line = lines.readLine();
            }
        }
    }

    private static Request request(JsonNode event) {
        JsonNode object = event.path("objectRef");
        String subresource = object.path("subresource").asText("");
        return new Request(
                Instant.parse(event.path("requestReceivedTimestamp").asText()),
                event.at("/user/username").asText(),
                event.path("verb").asText(),
                object.path("apiGroup").asText(""),
                object.path("resource").asText("") + (subresource.isEmpty() ? "" : "/" + subresource),
                object.path("namespace").asText(""),
                object.path("name").asText(""),
                event.at("/responseStatus/code").asInt());
    }
}

package dev.cistern.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The API server's own record of who asked it for what, followed from now on. Only the local cluster has one. */
final class AuditLog implements AutoCloseable {
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK = 1 << 20;

    private final Path file;
    private final String ofInterest;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Thread follower;
    private volatile boolean closed;

    /**
     * One request.
     *
     * @param at when the API server received it
     * @param user who asked
     * @param agent by what program
     * @param verb create, get, list …
     * @param resource plural, with its subresource
     * @param namespace where; empty outside of namespaces
     * @param name of what; empty for a collection
     * @param code HTTP status of the answer
     */
    record Call(
            Instant at,
            String user,
            String agent,
            String verb,
            String resource,
            String namespace,
            String name,
            int code) {
        boolean write() {
            return WRITES.contains(verb);
        }

        /** Leader election, which goes on for ever and is about no database. */
        boolean lease() {
            return resource.equals("leases");
        }

        boolean review() {
            return resource.startsWith("selfsubject");
        }
    }

    private AuditLog(Path file, String ofInterest) {
        this.file = file;
        this.ofInterest = ofInterest;
        this.follower = Thread.ofPlatform().daemon().name("audit").start(this::follow);
    }

    /**
     * @param users what the names of the users to follow have in common
     */
    static Optional<AuditLog> open(String users) {
        Path file = Bed.state().resolve("log").resolve("audit.log");
        return Bed.local() && Files.isReadable(file) ? Optional.of(new AuditLog(file, users)) : Optional.empty();
    }

    /** The requests received since, in order, when the last of them has surely been written. */
    List<Call> since(Instant start, Predicate<Call> which) {
        Bed.sleep(1500);
        return calls.stream().filter(c -> !c.at().isBefore(start)).filter(which).toList();
    }

    private void follow() {
        try {
            RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
            in.seek(in.length());
            Object key = Files.getAttribute(file, "unix:ino");
            StringBuilder rest = new StringBuilder();
            byte[] buffer = new byte[CHUNK];
            while (!closed) {
                int read = in.read(buffer);
                if (read > 0) {
                    rest.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                    take(rest);
                    continue;
                }
                // Rotated: the rest of the old file has just been read.
                Object now = Files.getAttribute(file, "unix:ino");
                if (!now.equals(key)) {
                    in.close();
                    in = new RandomAccessFile(file.toFile(), "r");
                    key = now;
                }
                Bed.sleep(200);
            }
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(StringBuilder text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
            lines.add(text.substring(from, end));
            from = end + 1;
        }
        text.delete(0, from);
        lines.stream().filter(l -> l.contains(ofInterest)).forEach(this::add);
    }

    private void add(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            String subresource = event.at("/objectRef/subresource").asText("");
            calls.add(new Call(
                    Instant.parse(event.path("requestReceivedTimestamp").asText()),
                    event.at("/user/username").asText(""),
                    event.path("userAgent").asText(""),
                    event.path("verb").asText(""),
                    event.at("/objectRef/resource").asText("") + (subresource.isEmpty() ? "" : "/" + subresource),
                    event.at("/objectRef/namespace").asText(""),
                    event.at("/objectRef/name").asText(""),
                    event.at("/responseStatus/code").asInt()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        follower.interrupt();
    }
}

package dev.cistern.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** This machine, on which the local cluster's containers are ordinary processes. */
final class Host {
    private static final String TABLE = "cistern_e2e";

    private Host() {}

    /** Ends the Java process of a pod as a machine that fails would: without a word to it. */
    static void kill(Pod pod) {
        String mark = pod.getMetadata().getUid().replace("-", "_");
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .filter(p -> read(p.resolve("cgroup")).replace('-', '_').contains(mark))
                    .filter(p -> read(p.resolve("comm")).strip().equals("java"))
                    .map(p -> p.getFileName().toString())
                    .forEach(pid -> Programs.run(Map.of(), List.of("kill", "-9", pid)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Drops all that these addresses send to the API server, until it is closed. */
    static final class Cut implements AutoCloseable {
        Cut(List<String> addresses) {
            close();
            // Before the Service's address becomes that of the API server, and whether a connection is open or new.
            nft("add", "table", "ip", TABLE);
            nft("add", "chain", "ip", TABLE, "cut", "{ type filter hook prerouting priority -350; }");
            for (String address : addresses) {
                nft(
                        "add",
                        "rule",
                        "ip",
                        TABLE,
                        "cut",
                        "ip",
                        "saddr",
                        address,
                        "tcp",
                        "dport",
                        "{ 443, 6443 }",
                        "counter",
                        "drop");
            }
        }

        /** Whether something has been dropped. */
        boolean hasWorked() {
            return nft("list", "table", "ip", TABLE).matches("(?s).*packets [1-9].*");
        }

        @Override
        public void close() {
            Programs.run(Map.of(), List.of("nft", "delete", "table", "ip", TABLE));
        }

        private static String nft(String... arguments) {
            List<String> command =
                    Stream.concat(Stream.of("nft"), Stream.of(arguments)).toList();
            return Programs.run(Map.of(), command).succeeded();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // The process has ended meanwhile.
            return "";
        }
    }
}

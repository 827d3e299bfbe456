package dev.cistern.bench;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process of a pod, as this machine sees it. Only the local cluster runs its pods here.
 *
 * @param pid its id on this machine
 */
record HostProcess(long pid) {
    private static final Path PROC = Path.of("/proc");
    private static final int TICKS_PER_SECOND = 100;
    // Fields of stat after the name, which may hold blanks: 22 is the start, counted from 1, with two before the name.
    private static final int START_TIME = 22 - 3;

    /** The process of this name (as its binary is called, the first 15 characters) in the pod. */
    static Optional<HostProcess> of(Pod pod, String name) {
        String uid = pod.getMetadata().getUid();
        try (Stream<Path> all = Files.list(PROC)) {
            return all.filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .filter(p -> read(p.resolve("comm")).strip().equals(name))
                    .filter(p -> {
                        String groups = read(p.resolve("cgroup"));
                        return groups.contains(uid) || groups.contains(uid.replace('-', '_'));
                    })
                    .map(p -> new HostProcess(Long.parseLong(p.getFileName().toString())))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it without a chance to do anything first. */
    void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Resident memory, MiB. */
    double resident() {
        return read(PROC.resolve(pid + "/status"))
                .lines()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToDouble(l -> Double.parseDouble(l.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Seconds since it was started. */
    double age() {
        String stat = read(PROC.resolve(pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        double up = Double.parseDouble(read(PROC.resolve("uptime")).split(" ")[0]);
        return up - Double.parseDouble(fields[START_TIME]) / TICKS_PER_SECOND;
    }

    /** Seconds of processor time it has used, on all cores. */
    double processorSeconds() {
        String stat = read(PROC.resolve(pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS_PER_SECOND;
    }

    boolean alive() {
        return Files.exists(PROC.resolve(String.valueOf(pid)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // It has ended in between.
            return "";
        }
    }
}

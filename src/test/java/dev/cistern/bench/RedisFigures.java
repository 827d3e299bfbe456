package dev.cistern.bench;

import dev.cistern.api.DatabaseFeature;
import io.fabric8.kubernetes.api.model.Pod;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Changes of persistence and eviction with data in the server, each followed by a death without warning. */
final class RedisFigures {
    private static final int KEYS = 100_000;
    private static final double TARGET_SECONDS = 10;
    // The log is flushed every second, so that is what a death may cost; the change must not cost anything.
    private static final long FLUSH_MILLIS = 1500;

    private final Bed bed;
    private final Report report;

    /** From these features to those; all three are named, so that none is left to its default. */
    private record Change(String name, List<String> from, List<String> to) {}

    private static final List<String> RDB = List.of("redis-rdb");
    private static final List<String> AOF = List.of("redis-aof");
    private static final List<String> AOF_CACHE = List.of("redis-aof", "redis-cache");
    private static final List<Change> CHANGES = List.of(
            new Change("rdb to aof", RDB, AOF),
            new Change("aof to rdb", AOF, RDB),
            new Change("aof to aof with cache", AOF, AOF_CACHE),
            new Change("aof with cache to aof", AOF_CACHE, AOF));

    RedisFigures(Bed bed, Report report) {
        this.bed = bed;
        this.report = report;
    }

    void measure() {
        // A database for each, since the kubelet waits longer before every further restart of the same container.
        for (int i = 0; i < CHANGES.size(); i++) {
            measure(CHANGES.get(i), "mode-" + i);
        }
    }

    private void measure(Change change, String name) {
        bed.apply(bed.busy, name, "redis", "starter-512", "");
        try {
            bed.awaitReady(bed.busy, name);
            if (!change.from().equals(RDB)) {
                switchTo(name, RDB, change.from());
            }
            fill(name);
            double seconds = switchTo(name, change.from(), change.to());
            double killed = Double.NaN;
            if (Bed.local()) {
                Bed.sleep(FLUSH_MILLIS);
                killed = kill(name);
            }
            long kept = redis(name, c -> c.sync().dbsize());
            String last = Objects.toString(redis(name, c -> c.sync().get("key:" + (KEYS - 1))), "");
            report.row(
                    "Redis with %d keys, %s".formatted(KEYS, change.name()),
                    Report.seconds(seconds) + (Bed.local() ? "" : ", not killed: its process is not on this machine"),
                    "serving again after kill -9: " + (Double.isNaN(killed) ? "-" : Report.seconds(killed)),
                    "<= %.0f s".formatted(TARGET_SECONDS),
                    seconds <= TARGET_SECONDS);
            report.row(
                    "keys lost by that and the kill -9 after it",
                    String.valueOf(KEYS - kept)
                            + (last.equals("value:" + (KEYS - 1)) ? "" : ", and the last one differs"),
                    "",
                    "0",
                    kept == KEYS && last.equals("value:" + (KEYS - 1)));
        } finally {
            bed.client.resources(DatabaseFeature.class).inNamespace(bed.busy).delete();
            bed.remove(bed.busy, name);
        }
    }

    /** Seconds until every switch has been seen in effect. */
    private double switchTo(String name, List<String> from, List<String> to) {
        List<CompletableFuture<Long>> seen = new ArrayList<>();
        long start = System.nanoTime();
        for (String feature : List.of("redis-rdb", "redis-aof", "redis-cache")) {
            if (from.contains(feature) != to.contains(feature)) {
                bed.feature(name, feature, to.contains(feature));
                seen.add(bed.when(DatabaseFeature.class, bed.busy, name + "-" + feature, Bed::settled));
            }
        }
        return seen.stream()
                .mapToDouble(f -> Bed.secondsBetween(start, Bed.get(f, "features of " + name)))
                .max()
                .orElse(0);
    }

    private void fill(String name) {
        redis(name, connection -> {
            connection.setAutoFlushCommands(false);
            List<RedisFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                sent.add(connection.async().set("key:" + i, "value:" + i));
            }
            connection.flushCommands();
            connection.setAutoFlushCommands(true);
            if (!LettuceFutures.awaitAll(Duration.ofSeconds(60), sent.toArray(RedisFuture[]::new))) {
                throw new IllegalStateException("the keys were not taken in time");
            }
            return sent.size();
        });
    }

    /** Seconds until it serves again. */
    private double kill(String name) {
        Pod pod = bed.pod(bed.busy, name + "-0");
        HostProcess server = HostProcess.of(pod, "redis-server").orElseThrow();
        long start = System.nanoTime();
        server.kill();
        Bed.until("the server to end", () -> !server.alive());
        Bed.until("the server to serve again", () -> {
            try {
                return redis(name, c -> c.sync().ping()).equals("PONG");
            } catch (RuntimeException e) {
                return false;
            }
        });
        return Bed.secondsBetween(start, System.nanoTime());
    }

    private <T> T redis(String name, Function<StatefulRedisConnection<String, String>, T> work) {
        Map<String, String> binding = bed.binding(name);
        RedisURI uri = RedisURI.builder()
                .withHost(Objects.requireNonNull(
                        bed.pod(bed.busy, name + "-0").getStatus().getPodIP()))
                .withPort(Integer.parseInt(binding.getOrDefault("port", "")))
                .withSsl(true)
                .withVerifyPeer(SslVerifyMode.CA)
                .withAuthentication(
                        binding.getOrDefault("username", ""),
                        binding.getOrDefault("password", "").toCharArray())
                .withTimeout(Duration.ofSeconds(5))
                .build();
        try {
            Path authority = Files.createTempFile("bench", ".crt");
            Files.writeString(authority, binding.getOrDefault("ca.crt", ""));
            RedisClient client = RedisClient.create(uri);
            client.setOptions(ClientOptions.builder()
                    .autoReconnect(false)
                    .sslOptions(SslOptions.builder()
                            .trustManager(authority.toFile())
                            .build())
                    .build());
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                return work.apply(connection);
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
                Files.delete(authority);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

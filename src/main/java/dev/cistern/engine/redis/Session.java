package dev.cistern.engine.redis;

import io.lettuce.core.KillArgs;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.StringListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One logged-in connection to one server, good for a bounded time: a server that hangs must not hold up others. */
final class Session implements AutoCloseable {
    private static final StringCodec CODEC = StringCodec.UTF8;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final long deadline;

    /** @param deadline when it ends, by {@link System#nanoTime} */
    Session(RedisClient client, StatefulRedisConnection<String, String> connection, long deadline) {
        this.client = client;
        this.connection = connection;
        this.deadline = deadline;
    }

    /** What is left of its time. Never zero, which would be without end. */
    private Duration left() {
        return Duration.ofNanos(
                Math.max(deadline - System.nanoTime(), Duration.ofMillis(1).toNanos()));
    }

    private RedisCommands<String, String> sync() {
        connection.setTimeout(left());
        return connection.sync();
    }

    /** Asks for data, as a client would. */
    void read() {
        sync().ping();
        sync().exists("cistern");
    }

    Map<String, String> config(String... names) {
        return sync().configGet(names);
    }

    Map<String, String> info(String section) {
        Map<String, String> values = new HashMap<>();
        sync().info(section).lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return values;
    }

    /** All that decides what has to be changed. */
    ServerState state() {
        String[] names = Stream.concat(Stream.of(Settings.NAMES), Stream.of("maxmemory", Marks.NAME))
                .toArray(String[]::new);
        Map<String, String> config = config(names);
        long now = Long.parseLong(sync().time().getFirst());
        return new ServerState(
                Settings.of(config),
                Long.parseLong(config.getOrDefault("maxmemory", "0")),
                Marks.parse(config.getOrDefault(Marks.NAME, "")),
                ServerState.Persistence.of(info("persistence"), now));
    }

    void set(Map<String, String> values) {
        sync().configSet(values);
    }

    void mark(Marks marks) {
        sync().configSet(Marks.NAME, marks.title());
    }

    /** Sets all of it and writes the configuration to the volume, with nothing in between. */
    void commit(Map<String, String> values) {
        RedisAsyncCommands<String, String> async = connection.async();
        List<RedisFuture<String>> done = new ArrayList<>();
        sync().multi();
        if (!values.isEmpty()) {
            done.add(async.configSet(values));
        }
        done.add(async.configRewrite());
        sync().exec();
        // Each answer on its own: EXEC itself succeeds when a command in it fails.
        done.forEach(one -> LettuceFutures.awaitOrCancel(one, left().toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Begins a snapshot, or has one begun as soon as another child of the server has ended. */
    void snapshot() {
        sync().dispatch(CommandType.BGSAVE, new StatusOutput<>(CODEC), new CommandArgs<>(CODEC).add("SCHEDULE"));
    }

    String[] users() {
        return sync().dispatch(CommandType.ACL, new StringListOutput<>(CODEC), new CommandArgs<>(CODEC).add("USERS"))
                .toArray(String[]::new);
    }

    void setUser(String name, List<String> rules) {
        CommandArgs<String, String> args =
                new CommandArgs<>(CODEC).add("SETUSER").add(name);
        rules.forEach(args::add);
        sync().dispatch(CommandType.ACL, new StatusOutput<>(CODEC), args);
    }

    void deleteUser(String name) {
        sync().aclDeluser(name);
    }

    /** Ids of the sessions that came in by this port. */
    List<String> sessionsOn(int port) {
        return Sessions.onPort(sync().clientList(), port);
    }

    void end(String session) {
        sync().clientKill(KillArgs.Builder.id(Long.parseLong(session)));
    }

    @Override
    public void close() {
        // Nobody has to wait for the socket to close; the threads are shared and stay.
        var _ = client.shutdownAsync(0, 0, TimeUnit.SECONDS);
    }
}

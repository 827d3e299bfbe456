package dev.cistern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** An application that inserts one row every 20 ms over TLS, and remembers which statements failed and when. */
final class Writer implements AutoCloseable {
    private static final long EVERY_NANOS = 20_000_000L;
    private static final String TIMEOUT_SECONDS = "5";

    private final String url;
    private final Properties login;
    private final Thread thread;
    private final List<Long> done = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private volatile boolean closed;

    Writer(String host, Map<String, String> binding) {
        url = url(host, binding);
        login = login(binding, "verify-ca");
        try (Connection connection = connect(url, login);
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists bench_writes (id bigserial primary key, at timestamptz)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        thread = Thread.ofPlatform().daemon().name("writer").start(this::run);
    }

    static String url(String host, Map<String, String> binding) {
        return "jdbc:postgresql://%s:%s/%s".formatted(host, binding.get("port"), binding.get("database"));
    }

    static Properties login(Map<String, String> binding, String sslMode) {
        try {
            Properties login = new Properties();
            login.setProperty("user", binding.getOrDefault("username", ""));
            login.setProperty("password", binding.getOrDefault("password", ""));
            login.setProperty("sslmode", sslMode);
            if (!sslMode.equals("disable")) {
                Path authority = Files.createTempFile("bench", ".crt");
                authority.toFile().deleteOnExit();
                Files.writeString(authority, binding.getOrDefault("ca.crt", ""));
                login.setProperty("sslrootcert", authority.toString());
            }
            login.setProperty("connectTimeout", TIMEOUT_SECONDS);
            login.setProperty("socketTimeout", TIMEOUT_SECONDS);
            return login;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Connection connect(String url, Properties login) throws SQLException {
        return DriverManager.getConnection(url, login);
    }

    private void run() {
        Connection connection = null;
        long next = System.nanoTime();
        while (!closed) {
            try {
                if (connection == null) {
                    connection = connect(url, login);
                }
                insert(connection);
                synchronized (this) {
                    done.add(System.nanoTime());
                }
            } catch (SQLException e) {
                synchronized (this) {
                    failures.add(e.getMessage());
                }
                end(connection);
                connection = null;
            }
            next = Math.max(next + EVERY_NANOS, System.nanoTime());
            Bed.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
        end(connection);
    }

    private static void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into bench_writes (at) values (clock_timestamp())")) {
            insert.executeUpdate();
        }
    }

    private static void end(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // It was gone already.
        }
    }

    /** Statements that have been answered with success. */
    synchronized int written() {
        return done.size();
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** The longest time, in milliseconds, that the window has without a write that succeeded. */
    synchronized double longestGap(long from, long to) {
        long last = from;
        long longest = 0;
        for (long at : done) {
            if (at >= from && at <= to) {
                longest = Math.max(longest, at - last);
                last = at;
            }
        }
        return Math.max(longest, to - last) / 1e6;
    }

    /** How many rows the table has, asked over a connection of its own. */
    long rows() {
        try (Connection connection = connect(url, login);
                var statement = connection.createStatement();
                var result = statement.executeQuery("select count(*) from bench_writes")) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.cistern.e2e;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An application that writes one row after the other over one connection, and notes each write that fails. */
final class Writer implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Connection connection;
    private final List<String> failures = new ArrayList<>();
    private final Thread thread;
    private int acknowledged;
    private long longestMillis;

    Writer(Space space, String database) throws SQLException {
        connection = Sql.connect(space, database);
        try (var statement = connection.createStatement()) {
            statement.execute("create table if not exists written (n int primary key)");
            statement.execute("truncate written");
        }
        thread = Thread.ofVirtual().start(this::write);
    }

    private void write() {
        while (!Thread.currentThread().isInterrupted() && failures.isEmpty()) {
            long began = System.nanoTime();
            try (var statement = connection.createStatement()) {
                statement.executeUpdate("insert into written values (" + acknowledged + ")");
                acknowledged++;
            } catch (SQLException e) {
                failures.add(e.getMessage());
            }
            longestMillis = Math.max(longestMillis, (System.nanoTime() - began) / 1_000_000);
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Ends it; the database must hold exactly what it has acknowledged. */
    void finish() throws Exception {
        thread.interrupt();
        thread.join();
        if (!failures.isEmpty()) {
            throw new AssertionError("after %d writes: %s".formatted(acknowledged, failures));
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from written")) {
            rows.next();
            if (rows.getInt(1) != acknowledged) {
                throw new AssertionError("%d of %d writes are there".formatted(rows.getInt(1), acknowledged));
            }
        }
        System.out.printf("%d writes, none failed, the longest took %d ms%n", acknowledged, longestMillis);
    }

    @Override
    public void close() throws SQLException {
        thread.interrupt();
        connection.close();
    }
}

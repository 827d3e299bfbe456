package dev.cistern.testing;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes on one session without pause, and notes every failure. */
public final class SteadyWriter implements AutoCloseable {
    private static final long PAUSE_MILLIS = 20;

    private final EngineClient.Session session;
    private final AtomicInteger written = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    public SteadyWriter(EngineClient.Session session) {
        this.session = session;
        this.thread = Thread.ofVirtual().name("steady-writer").start(this::write);
    }

    private void write() {
        while (!stopped && failures.isEmpty()) {
            try {
                session.write("steady", String.valueOf(written.incrementAndGet()));
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                failures.add("write " + written.get() + ": " + e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    public int written() {
        return written.get();
    }

    public List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        session.close();
    }
}

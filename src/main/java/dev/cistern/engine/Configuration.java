package dev.cistern.engine;

import java.time.Duration;

/** How far the wanted configuration has come. */
public sealed interface Configuration {
    /** Every instance has it. */
    record InForce() implements Configuration {}

    /**
     * It is on its way; ask again.
     *
     * @param message what is waited for
     * @param retryIn when to look again
     */
    record Changing(String message, Duration retryIn) implements Configuration {}

    /**
     * The engine does not take it.
     *
     * @param message which instance, and what it said
     */
    record Rejected(String message) implements Configuration {}
}

package dev.cistern.engine;

/**
 * What can be seen of a feature from outside the instances.
 *
 * @param state whether its effect is there
 * @param message for anything but a clear answer: which instance, and what was seen
 */
public record Sighting(State state, String message) {
    /** Whether a feature's effect is there. */
    public enum State {
        /** On every instance. */
        ON,
        /** On no instance. */
        OFF,
        /** On some, or it could not be seen. */
        UNCLEAR
    }

    /** The effect is there on every instance. */
    public static Sighting on(String message) {
        return new Sighting(State.ON, message);
    }

    /** The effect is there on no instance. */
    public static Sighting off(String message) {
        return new Sighting(State.OFF, message);
    }

    /** Neither. */
    public static Sighting unclear(String message) {
        return new Sighting(State.UNCLEAR, message);
    }
}

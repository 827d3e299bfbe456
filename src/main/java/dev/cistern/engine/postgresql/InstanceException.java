package dev.cistern.engine.postgresql;

/** An instance did not do what it was asked; the message names it and holds no secret. */
final class InstanceException extends Exception {
    private static final long serialVersionUID = 1L;

    InstanceException(String message, Throwable cause) {
        super(message, cause);
    }
}

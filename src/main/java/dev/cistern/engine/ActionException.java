package dev.cistern.engine;

/** The engine, or a rule of ours, refuses an action; the message is for the user and holds no internals. */
public class ActionException extends Exception {
    private static final long serialVersionUID = 1L;

    public ActionException(String message) {
        super(message);
    }
}

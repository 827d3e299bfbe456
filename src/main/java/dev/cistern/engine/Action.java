package dev.cistern.engine;

/**
 * Something an engine can do on request, quickly, through its driver.
 *
 * @param <P> a record of its parameters, with Jakarta Validation constraints; {@link NoParams} when it takes none
 */
public interface Action<P> {
    /** Its name in manifests and REST. */
    String name();

    /** One sentence for the documentation. */
    String description();

    /** The record of its parameters. */
    Class<P> params();

    /** Whether a second run does no more than the first, so that it may be run again after a crash. */
    boolean repeatable();

    /**
     * Does it.
     *
     * @throws ActionException when the engine refuses, with a message for the user
     * @throws Exception when the engine cannot be reached
     */
    ActionResult run(P params, EngineContext context) throws Exception;

    /** The parameters of an action that takes none. */
    record NoParams() {}
}

package dev.cistern.engine;

/**
 * Something that a user has to change before the database can be what the specification says.
 *
 * @param reason CamelCase word for conditions and events
 * @param message what is wrong and what to do
 */
public record Problem(String reason, String message) {}

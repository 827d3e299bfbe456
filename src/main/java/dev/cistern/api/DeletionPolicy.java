package dev.cistern.api;

/** What happens to volumes, credentials and backups when a {@link Database} is deleted. */
public enum DeletionPolicy {
    /** They stay, and a Database of the same name and engine takes them over. */
    Retain,
    /** They are removed. */
    Delete
}

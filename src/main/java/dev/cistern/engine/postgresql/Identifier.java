package dev.cistern.engine.postgresql;

/** Quoting of names, for the few statements that take no bind variable. */
final class Identifier {
    private Identifier() {}

    /**
     * The name, quoted.
     *
     * @throws IllegalArgumentException when PostgreSQL can have no such name
     */
    static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a name that PostgreSQL can have");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

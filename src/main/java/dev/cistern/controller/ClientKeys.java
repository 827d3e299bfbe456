package dev.cistern.controller;

import dev.cistern.engine.Credentials;
import java.util.HashMap;
import java.util.Map;

/**
 * The clients' credentials beside what the engine keeps for itself. A binding Secret that somebody has damaged or
 * deleted comes back with what clients already use, also in a Database that took over the data of an earlier one.
 */
final class ClientKeys {
    private static final String PREFIX = "client-";

    private ClientKeys() {}

    /** What to keep of the credentials. */
    static Map<String, String> of(Credentials credentials) {
        return Map.of(
                PREFIX + "username", credentials.username(),
                PREFIX + "password", credentials.password().value(),
                PREFIX + "database", credentials.database());
    }

    /** What was kept, by its key in the binding Secret. */
    static Map<String, String> of(Map<String, String> internal) {
        Map<String, String> kept = new HashMap<>();
        internal.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                kept.put(key.substring(PREFIX.length()), value);
            }
        });
        return kept;
    }

    /** The rest, which is the engine's. */
    static Map<String, String> without(Map<String, String> internal) {
        Map<String, String> rest = new HashMap<>(internal);
        rest.keySet().removeIf(key -> key.startsWith(PREFIX));
        return rest;
    }
}

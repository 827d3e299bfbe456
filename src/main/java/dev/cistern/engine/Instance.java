package dev.cistern.engine;

import java.util.Optional;

/**
 * One running pod of a database.
 *
 * @param name the pod's name
 * @param uid the pod's UID
 * @param host its DNS name, which its certificate holds
 * @param address its IP address, to connect to
 * @param ready whether the kubelet says so
 * @param role {@code primary} or {@code replica}, where it is known
 */
public record Instance(
        String name, String uid, String host, Optional<String> address, boolean ready, Optional<String> role) {
    /** Role of the instance that takes writes. */
    public static final String PRIMARY = "primary";
    /** Role of an instance that follows the primary. */
    public static final String REPLICA = "replica";

    /** Whether this is the instance that takes writes. */
    public boolean primary() {
        return role.filter(PRIMARY::equals).isPresent();
    }
}

package dev.cistern.engine.postgresql;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The logins that belong to Cistern and Patroni, and the certificates that stand for them. */
final class Roles {
    /** Logs in by the socket inside the pod only. */
    static final String SUPERUSER = "postgres";
    /** The operator: no superuser, see {@code login.sql}. */
    static final String OPERATOR = "cistern";
    /** Streams from the primary. */
    static final String REPLICATION = "replicator";
    /** Lets a former primary rewind. */
    static final String REWIND = "rewinder";

    /** Common name of the operator's certificate. */
    static final String OPERATOR_CERTIFICATE = "cistern-operator";
    /** Common name of the certificate that the members show each other. */
    static final String PEER_CERTIFICATE = "patroni-peer";

    /** Database in which the operator works; users own another one. */
    static final String MAINTENANCE_DATABASE = "postgres";

    private static final Set<String> LOGINS = Set.of(SUPERUSER, OPERATOR, REPLICATION, REWIND, "public", "none");
    private static final Set<String> DATABASES = Set.of(MAINTENANCE_DATABASE, "template0", "template1");
    private static final int MAX_BYTES = 63;

    private Roles() {}

    /** Whether a user must not have this name. */
    static boolean reservedLogin(String name) {
        return LOGINS.contains(name) || name.startsWith("pg_") || !fits(name);
    }

    /** Whether the user's database must not have this name. */
    static boolean reservedDatabase(String name) {
        return DATABASES.contains(name) || !fits(name);
    }

    // PostgreSQL would cut a longer name silently, and then it might be somebody else's.
    private static boolean fits(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        return length > 0 && length <= MAX_BYTES && name.indexOf('\0') < 0;
    }
}

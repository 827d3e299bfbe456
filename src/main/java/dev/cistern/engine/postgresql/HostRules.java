package dev.cistern.engine.postgresql;

import java.util.List;

/** Who may log in, how, from where: {@code pg_hba.conf} and {@code pg_ident.conf}. The first line that fits decides. */
final class HostRules {
    private static final String OWN_LOGINS =
            String.join(",", Roles.SUPERUSER, Roles.OPERATOR, Roles.REPLICATION, Roles.REWIND);

    private HostRules() {}

    /**
     * Lines of {@code pg_hba.conf}.
     *
     * @param forceSsl whether clients must use TLS; then no address, the loopback included, gets anything without
     */
    static List<String> access(boolean forceSsl) {
        return List.of(
                "local all " + Roles.SUPERUSER + " peer",
                "hostssl replication " + Roles.REPLICATION + " all cert map=patroni",
                "hostssl all " + Roles.REWIND + " all cert map=patroni",
                "hostssl all " + Roles.OPERATOR + " all cert map=cistern",
                // Otherwise a password that somebody sets on one of our logins would open it to clients.
                "host all " + OWN_LOGINS + " all reject",
                "hostssl all all all scram-sha-256",
                forceSsl ? "hostnossl all all all reject" : "hostnossl all all all scram-sha-256");
    }

    /** Lines of {@code pg_ident.conf}: which certificate stands for which login. */
    static List<String> identities() {
        return List.of(
                "patroni " + Roles.PEER_CERTIFICATE + " " + Roles.REPLICATION,
                "patroni " + Roles.PEER_CERTIFICATE + " " + Roles.REWIND,
                "cistern " + Roles.OPERATOR_CERTIFICATE + " " + Roles.OPERATOR);
    }
}

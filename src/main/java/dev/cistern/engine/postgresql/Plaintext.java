package dev.cistern.engine.postgresql;

/** Sessions that came over the network without TLS. */
final class Plaintext {
    private static final String WHERE = """
             from pg_catalog.pg_stat_activity a
             join pg_catalog.pg_stat_ssl s using (pid)
             where a.client_addr is not null and a.backend_type = 'client backend' and not s.ssl
            """;

    /** How many there are. */
    static final String COUNT = "select count(*)" + WHERE;
    /** Ends them, and says how many. Sessions over TLS go on. */
    static final String END = "select count(pg_catalog.pg_terminate_backend(a.pid))" + WHERE;

    private Plaintext() {}
}

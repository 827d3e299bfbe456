package dev.cistern.engine.redis;

import dev.cistern.engine.Profile;

/** Ports, paths and names that the image, the start script and the manifests agree on. */
final class Layout {
    /**
     * Port for TLS. Redis cannot serve both on one port, and 6379 is plaintext by custom; 6380 for TLS is what existing
     * managed services use. It is always open and the only one in the binding Secret, so forcing TLS never moves or cuts
     * a client that uses the binding.
     */
    static final int TLS_PORT = 6380;
    /** Port for plaintext, open until TLS is forced. */
    static final int PLAIN_PORT = 6379;

    static final Profile PROFILE = new Profile(TLS_PORT, "redis-tls", "/data", 999);

    static final String FILES_PATH = "/etc/cistern/redis";
    static final String ACL_PATH = "/etc/cistern/acl";
    static final String ACL_FILE = "users.acl";

    private Layout() {}

    /** ConfigMap with the start configuration and the scripts. */
    static String files(String database) {
        return database + "-redis";
    }

    /** Secret with the hashed logins. */
    static String acl(String database) {
        return database + "-acl";
    }
}

package dev.cistern.engine.postgresql;

import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.util.PasswordUtil;

/** The default login and its database. The server only ever gets a verifier of the password. */
final class Logins {
    private static final String WRONG_PASSWORD = "28P01";
    private static final String ROLE = "select exists (select from pg_catalog.pg_roles where rolname = ?)";
    private static final String OWNER =
            "select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database where datname = ?";

    private final Sessions sessions;

    Logins(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Makes what is missing and mends what differs; writes nothing when all is well. */
    void ensure(EngineContext context, Node primary) throws InstanceException {
        Credentials credentials = context.credentials();
        boolean fresh = !primary.truth(ROLE, credentials.username());
        if (fresh) {
            set(credentials, primary);
        }
        database(credentials, primary);
        if (!fresh && passwordIsRefused(context, primary)) {
            set(credentials, primary);
        }
    }

    private static void set(Credentials credentials, Node primary) throws InstanceException {
        primary.call("select cistern.set_login(?, ?)", credentials.username(), verifier(credentials));
    }

    private static void database(Credentials credentials, Node primary) throws InstanceException {
        String name = credentials.database();
        List<String> owner = primary.rows(OWNER, row -> row.getString(1), name);
        if (owner.isEmpty()) {
            // From template0, because a session that somebody has open on template1 would block it.
            primary.execute("create database " + Identifier.quote(name) + " template template0");
        }
        if (owner.isEmpty() || !owner.getFirst().equals(credentials.username())) {
            primary.call("select cistern.give_database(?, ?)", name, credentials.username());
        }
    }

    private boolean passwordIsRefused(EngineContext context, Node primary) {
        try (Connection connection = sessions.client(context, primary.instance())) {
            return false;
        } catch (SQLException e) {
            // Anything else, such as no free connection, is not mended by a new password; observe() tells of it.
            return WRONG_PASSWORD.equals(e.getSQLState());
        }
    }

    private static String verifier(Credentials credentials) {
        try {
            return PasswordUtil.encodePassword(
                    credentials.username(), credentials.password().value().toCharArray(), "scram-sha-256");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

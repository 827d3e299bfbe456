package dev.cistern.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;

/** An application of a PostgreSQL database: knows what its connection Secret says, and the Service's address. */
final class Sql {
    private Sql() {}

    /** Connects over TLS with the database's own login. */
    static Connection connect(Space space, String database) throws SQLException {
        String secret = database + "-binding";
        String ip = Objects.requireNonNull(space.client()
                        .services()
                        .inNamespace(space.name())
                        .withName(database)
                        .get())
                .getSpec()
                .getClusterIP();
        Properties properties = new Properties();
        properties.setProperty("user", space.secret(secret, "username"));
        properties.setProperty("password", space.secret(secret, "password"));
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty(
                "sslrootcert", authority(space.secret(secret, "ca.crt")).toString());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("ApplicationName", "e2e");
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%s/%s"
                        .formatted(ip, space.secret(secret, "port"), space.secret(secret, "database")),
                properties);
    }

    /** Cancels the query of another session of the same login. */
    static void cancel(Space space, String database, String pid) throws SQLException {
        try (Connection connection = connect(space, database);
                var statement = connection.createStatement()) {
            statement.execute("select pg_cancel_backend(" + Integer.parseInt(pid) + ")");
        }
    }

    private static Path authority(String pem) {
        try {
            Path file = Files.createTempFile("ca", ".crt");
            file.toFile().deleteOnExit();
            return Files.writeString(file, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.cistern.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** PostgreSQL by its JDBC driver. */
final class PostgresqlApplication implements EngineClient {
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};
    private static final String SECONDS = "5";

    @Override
    public Session tls(Binding binding, Endpoint at) throws IOException {
        Properties properties = new Properties();
        // The factory checks the name; the driver would check the address instead.
        PGProperty.SSL_MODE.set(properties, "verify-ca");
        PGProperty.SSL_FACTORY.set(properties, Tls.class.getName());
        properties.setProperty(Tls.AUTHORITY, binding.authority());
        properties.setProperty(Tls.NAME, Tls.name(binding, at));
        return open(binding, at, properties);
    }

    @Override
    public Session plain(Binding binding, Endpoint at) throws IOException {
        Properties properties = new Properties();
        PGProperty.SSL_MODE.set(properties, "disable");
        return open(binding, at, properties);
    }

    @Override
    public int plainPort(Binding binding) {
        return binding.port();
    }

    @Override
    public BigInteger serial(Binding binding, Endpoint at) throws IOException {
        try (Socket socket = Tls.connect(at)) {
            socket.getOutputStream().write(SSL_REQUEST);
            if (socket.getInputStream().read() != 'S') {
                throw new IOException("no TLS");
            }
            return Tls.serial(Tls.of(binding, at).over(socket));
        }
    }

    private static Session open(Binding binding, Endpoint at, Properties properties) throws IOException {
        PGProperty.USER.set(properties, binding.username());
        PGProperty.PASSWORD.set(properties, binding.password());
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.CONNECT_TIMEOUT.set(properties, SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, SECONDS);
        PGProperty.LOGIN_TIMEOUT.set(properties, SECONDS);
        String url = "jdbc:postgresql://%s:%d/%s".formatted(at.address(), at.port(), binding.database());
        try {
            return new Open(new Driver().connect(url, properties));
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private record Open(Connection connection) implements Session {
        @Override
        public void write(String key, String value) throws IOException {
            try (Statement table = connection.createStatement();
                    PreparedStatement row = connection.prepareStatement(
                            "insert into kv values (?, ?) on conflict (k) do update set v = excluded.v")) {
                table.execute("set client_min_messages = error");
                table.execute("create table if not exists kv (k text primary key, v text)");
                row.setString(1, key);
                row.setString(2, value);
                row.executeUpdate();
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public String read(String key) throws IOException {
            return text("select coalesce((select v from kv where k = '" + key + "'), '')");
        }

        @Override
        public long memory() throws IOException {
            return Long.parseLong(text("select pg_size_bytes(current_setting('shared_buffers'))"));
        }

        @Override
        public String version() throws IOException {
            return text("show server_version").split(" ")[0];
        }

        private String text(String query) throws IOException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getString(1);
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                // It is gone either way.
            }
        }
    }
}

package dev.cistern.engine.postgresql;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.KeySource.KeyPairPem;
import dev.cistern.engine.Timeouts;
import dev.cistern.tls.SslContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Opens sessions on one instance: to its address, with its certificate checked against its DNS name. */
final class Sessions {
    /** What our sessions call themselves. */
    static final String APPLICATION = "cistern";

    private static final String AUTHORITY = "cistern.authority";
    private static final String HOST = "cistern.host";
    private static final String CERTIFICATE = "cistern.certificate";
    private static final String KEY = "cistern.key";

    private final OperatorKeys keys;
    private final Driver driver = new Driver();

    Sessions(OperatorKeys keys) {
        this.keys = keys;
    }

    /** As the operator, by client certificate. */
    Connection operator(EngineContext context, Instance instance, String database) throws SQLException {
        Properties properties = properties(context, instance, Roles.OPERATOR, database);
        KeyPairPem pair = keys.of(context);
        properties.setProperty(CERTIFICATE, pair.certificate());
        properties.setProperty(KEY, pair.key());
        return open(instance, properties);
    }

    /** As the operator, where its own functions are. */
    Connection operator(EngineContext context, Instance instance) throws SQLException {
        return operator(context, instance, Roles.MAINTENANCE_DATABASE);
    }

    /** As clients log in. */
    Connection client(EngineContext context, Instance instance) throws SQLException {
        var credentials = context.credentials();
        Properties properties = properties(context, instance, credentials.username(), credentials.database());
        PGProperty.PASSWORD.set(properties, credentials.password().value());
        return open(instance, properties);
    }

    /** What went wrong, for messages: the server's own first line, or the driver's. */
    static String seen(Instance instance, SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String text = server != null ? server.getMessage() : e.getMessage();
        String line = text == null ? "no message" : text.lines().findFirst().orElse("");
        return instance.name() + ": " + line + (e.getSQLState() == null ? "" : " (" + e.getSQLState() + ")");
    }

    private static Properties properties(EngineContext context, Instance instance, String user, String database) {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PG_DBNAME.set(properties, database);
        PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
        // Lets the driver name itself at the start instead of by a statement that the users' statistics would show.
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        // The factory below checks the name; the driver would check the address instead.
        PGProperty.SSL_MODE.set(properties, "verify-ca");
        PGProperty.SSL_FACTORY.set(properties, InstanceTls.class.getName());
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.CONNECT_TIMEOUT.set(properties, (int) Timeouts.CONNECT.toSeconds());
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) Timeouts.CALL.toSeconds());
        // A name of the user's own making must never stand before one of the server's.
        PGProperty.CURRENT_SCHEMA.set(properties, "pg_catalog");
        properties.setProperty(AUTHORITY, context.tls().authority());
        properties.setProperty(HOST, instance.host());
        return properties;
    }

    private Connection open(Instance instance, Properties properties) throws SQLException {
        String address =
                instance.address().orElseThrow(() -> new SQLException("the instance has no address yet", "08001"));
        String literal = address.contains(":") ? "[" + address + "]" : address;
        Connection connection =
                driver.connect("jdbc:postgresql://" + literal + ":" + PostgresqlPods.PORT + "/", properties);
        if (connection == null) {
            throw new SQLException("the driver refuses the address", "08001");
        }
        return connection;
    }

    /**
     * TLS for one instance. Public, because the driver makes it by reflection; it gets what it needs by properties of
     * the connection, so that no state is shared and no key touches the disk.
     */
    public static final class InstanceTls extends SSLSocketFactory {
        private final SSLSocketFactory delegate;
        private final String host;

        public InstanceTls(Properties properties) {
            String certificate = properties.getProperty(CERTIFICATE);
            Optional<KeyPairPem> pair = certificate == null
                    ? Optional.empty()
                    : Optional.of(new KeyPairPem(properties.getProperty(KEY), certificate));
            SSLContext context = SslContexts.client(properties.getProperty(AUTHORITY), pair);
            this.delegate = context.getSocketFactory();
            this.host = properties.getProperty(HOST);
        }

        InstanceTls(SSLContext context, String host) {
            this.delegate = context.getSocketFactory();
            this.host = host;
        }

        /** Wraps a socket; the handshake fails unless the peer's certificate is for the instance's name. */
        @Override
        public Socket createSocket(Socket socket, String ignored, int port, boolean autoClose) throws IOException {
            SSLSocket secure = (SSLSocket) delegate.createSocket(socket, host, port, autoClose);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            return secure;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return delegate.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return delegate.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}

package dev.cistern.testing;

import dev.cistern.api.EngineType;
import java.io.IOException;
import java.math.BigInteger;

/** How an application uses one engine. Shares no code with the operator's own clients. */
public interface EngineClient {
    /** Where to connect; the certificate must be for the binding's host, or for the address when {@code byAddress}. */
    record Endpoint(String address, int port, boolean byAddress) {}

    /** One logged-in connection. */
    interface Session extends AutoCloseable {
        void write(String key, String value) throws IOException;

        /** Empty when there is nothing. */
        String read(String key) throws IOException;

        /** The setting that follows from the plan's memory, in bytes. */
        long memory() throws IOException;

        /** Version of the server that answers. */
        String version() throws IOException;

        @Override
        void close();
    }

    /** Opens an encrypted connection, to a server whose certificate is good. */
    Session tls(Binding binding, Endpoint at) throws IOException;

    /** Opens a connection that is not encrypted. */
    Session plain(Binding binding, Endpoint at) throws IOException;

    /** The port for connections that are not encrypted. */
    int plainPort(Binding binding);

    /** Serial number of the certificate that is shown. */
    BigInteger serial(Binding binding, Endpoint at) throws IOException;

    static EngineClient of(EngineType engine) {
        return switch (engine) {
            case POSTGRESQL -> new PostgresqlApplication();
            case REDIS -> new RedisApplication();
            case MYSQL, MONGODB, INFLUXDB -> throw new IllegalArgumentException("no client for " + engine + " yet");
        };
    }
}

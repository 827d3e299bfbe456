package dev.cistern.engine.redis;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Timeouts;
import dev.cistern.tls.SslContexts;
import java.io.IOException;
import java.math.BigInteger;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What an instance shows to somebody who has not logged in. */
final class Wire {
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MILLIS = (int) Timeouts.CONNECT.toMillis();

    private Wire() {}

    /**
     * Serial number of the certificate that is served, which is verified like any other.
     *
     * @throws IOException when there is no connection, or the certificate is not to be trusted
     */
    static BigInteger serial(EngineContext context, Instance instance) throws IOException {
        var factory =
                SslContexts.client(context.tls().authority(), Optional.empty()).getSocketFactory();
        try (Socket plain = connect(instance, Layout.TLS_PORT);
                SSLSocket socket = (SSLSocket) factory.createSocket(plain, instance.host(), Layout.TLS_PORT, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    /** What plaintext meets. */
    enum Plaintext {
        /** The port is closed, or what came back is not Redis. */
        REFUSED,
        /** Redis answered. */
        ANSWERED,
        /** Nothing came back in time. */
        SILENT
    }

    /** Says PING in plaintext. */
    static Plaintext plaintext(Instance instance, int port) {
        try (Socket socket = connect(instance, port)) {
            socket.getOutputStream().write(PING);
            int first = socket.getInputStream().read();
            return first == '+' || first == '-' ? Plaintext.ANSWERED : Plaintext.REFUSED;
        } catch (ConnectException e) {
            return Plaintext.REFUSED;
        } catch (java.net.SocketTimeoutException e) {
            return Plaintext.SILENT;
        } catch (IOException e) {
            return Plaintext.REFUSED;
        }
    }

    private static Socket connect(Instance instance, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(Connections.address(instance), port), MILLIS);
            socket.setSoTimeout(MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}

package dev.cistern.engine.postgresql;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Timeouts;
import dev.cistern.tls.SslContexts;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The first bytes of PostgreSQL's protocol by hand: what a server says before any login, which a driver does not show.
 */
final class Wire {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int PROTOCOL_3 = 196_608;
    private static final int LENGTH_BYTES = 4;
    private static final int MOST_BYTES = 16_384;

    private Wire() {}

    /** What a server answers to a client that does not ask for TLS. */
    sealed interface Answer {
        /** It goes on with the login. */
        record Accepted() implements Answer {}

        /**
         * It sends an error.
         *
         * @param state its SQLSTATE
         */
        record Refused(String state) implements Answer {}
    }

    /** Starts a login without TLS and without a password. */
    static Answer plaintext(Instance instance, String username, String database) throws IOException {
        try (Socket socket = connect(instance, PostgresqlPods.PORT)) {
            var message = new ByteArrayOutputStream();
            var fields = new DataOutputStream(message);
            fields.writeInt(PROTOCOL_3);
            for (String field : new String[] {"user", username, "database", database}) {
                fields.write(field.getBytes(StandardCharsets.UTF_8));
                fields.writeByte(0);
            }
            fields.writeByte(0);
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(message.size() + LENGTH_BYTES);
            message.writeTo(out);
            out.flush();
            return answer(new DataInputStream(socket.getInputStream()));
        }
    }

    /** Serial number of the certificate that the server shows; its name and issuer are checked. */
    static BigInteger serial(EngineContext context, Instance instance) throws IOException {
        try (Socket socket = connect(instance, PostgresqlPods.PORT)) {
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(2 * LENGTH_BYTES);
            out.writeInt(SSL_REQUEST);
            out.flush();
            if (socket.getInputStream().read() != 'S') {
                throw new IOException("the server does not offer TLS");
            }
            SSLContext tls = SslContexts.client(context.tls().authority(), Optional.empty());
            try (SSLSocket secure = secure(tls, instance, socket)) {
                BigInteger serial = serial(secure);
                // Read to the end before closing, or the server's tickets are answered by a reset, which it logs.
                secure.shutdownOutput();
                secure.getInputStream().readNBytes(MOST_BYTES);
                return serial;
            }
        }
    }

    /** A connection to an instance's address. */
    static Socket connect(Instance instance, int port) throws IOException {
        String address = instance.address().orElseThrow(() -> new IOException(instance.name() + " has no address yet"));
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), (int) Timeouts.CONNECT.toMillis());
            socket.setSoTimeout((int) Timeouts.CALL.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** TLS over it, good only for the instance's name. */
    static SSLSocket secure(SSLContext context, Instance instance, Socket socket) throws IOException {
        SSLSocket secure = (SSLSocket) new Sessions.InstanceTls(context, instance.host())
                .createSocket(socket, instance.host(), socket.getPort(), true);
        secure.startHandshake();
        return secure;
    }

    /** Serial number of the certificate that was shown. */
    static BigInteger serial(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    private static Answer answer(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        if (type == 'R') {
            return new Answer.Accepted();
        }
        int length = in.readInt() - LENGTH_BYTES;
        if (type != 'E' || length < 0 || length > MOST_BYTES) {
            throw new IOException("an answer that PostgreSQL does not give");
        }
        String fields = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        // Each field is a letter, its text, and a zero byte; C is the SQLSTATE.
        for (String field : fields.split("\0")) {
            if (field.startsWith("C")) {
                return new Answer.Refused(field.substring(1));
            }
        }
        throw new IOException("an error without an SQLSTATE");
    }
}

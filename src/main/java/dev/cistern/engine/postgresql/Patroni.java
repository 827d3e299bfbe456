package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.tls.SslContexts;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Patroni's REST API on one instance, over TLS and with the operator's certificate. One request for each connection,
 * spoken by hand: the JDK's client can neither go to an address while it checks another name, nor does Patroni keep
 * connections open.
 */
final class Patroni {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_BYTES = 1 << 20;
    private static final String HEADER_END = "\r\n\r\n";

    private final OperatorKeys keys;

    Patroni(OperatorKeys keys) {
        this.keys = keys;
    }

    /**
     * What Patroni answered.
     *
     * @param status HTTP status
     * @param text the body
     * @param serial serial number of the certificate that was shown
     */
    record Reply(int status, String text, BigInteger serial) {
        private static final int OK = 200;
        private static final int MULTIPLE = 300;
        private static final int CLIENT_ERROR = 400;
        private static final int CONFLICT = 409;
        private static final int SERVER_ERROR = 500;

        boolean ok() {
            return status >= OK && status < MULTIPLE;
        }

        /** Whether the same request would be refused again; not where somebody else only wrote at the same time. */
        boolean clientError() {
            return status >= CLIENT_ERROR && status < SERVER_ERROR && status != CONFLICT;
        }

        /** The body as JSON; a missing node when it is something else. */
        JsonNode json() {
            try {
                return MAPPER.readTree(text);
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }
    }

    Reply get(EngineContext context, Instance instance, String path) throws IOException {
        return exchange(context, instance, "GET " + path, null);
    }

    /** Sends JSON, such as {@code send(context, instance, "PATCH /config", patch)}. */
    Reply send(EngineContext context, Instance instance, String methodAndPath, JsonNode body) throws IOException {
        return exchange(context, instance, methodAndPath, body);
    }

    private Reply exchange(EngineContext context, Instance instance, String methodAndPath, @Nullable JsonNode body)
            throws IOException {
        SSLContext tls = SslContexts.client(context.tls().authority(), Optional.of(keys.of(context)));
        byte[] content = body == null ? new byte[0] : MAPPER.writeValueAsBytes(body);
        String head = methodAndPath + " HTTP/1.0\r\nHost: " + instance.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length + HEADER_END;
        try (Socket socket = Wire.connect(instance, PostgresqlPods.PATRONI_PORT);
                SSLSocket secure = Wire.secure(tls, instance, socket)) {
            var out = secure.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(content);
            out.flush();
            String answer = new String(secure.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            return reply(answer, Wire.serial(secure));
        }
    }

    private static Reply reply(String answer, BigInteger serial) throws IOException {
        int end = answer.indexOf(HEADER_END);
        String[] status = answer.split(" ", 3);
        if (end < 0 || status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("an answer that Patroni does not give");
        }
        return new Reply(Integer.parseInt(status[1]), answer.substring(end + HEADER_END.length()), serial);
    }
}

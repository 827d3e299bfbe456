package dev.cistern.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.testing.Cluster;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS to a Service by its DNS name: the certificate is verified for that name, while the connection goes to the
 * Service's cluster address, which this machine reaches without the cluster's DNS. Requests are written byte by byte, so
 * that also those can be sent that no client library would send.
 */
final class Https implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 40_000;

    private final String host;
    private final SSLContext tls;
    private final InetSocketAddress address;
    private final @Nullable LocalPortForward forward;

    /**
     * What came back.
     *
     * @param status HTTP status
     * @param headers names in lower case
     * @param text body
     */
    record Reply(int status, Map<String, String> headers, String text) {
        JsonNode body() {
            return Texts.json(text);
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** To a Service of this cluster, whose certificate must be of this authority. */
    Https(String namespace, String service, int port, String authority) {
        this.host = service + "." + namespace + ".svc";
        this.tls = trusting(authority);
        Service found = Objects.requireNonNull(
                Cluster.client()
                        .services()
                        .inNamespace(namespace)
                        .withName(service)
                        .get(),
                "no Service " + service);
        if (Programs.local()) {
            this.forward = null;
            this.address = new InetSocketAddress(found.getSpec().getClusterIP(), port);
        } else {
            this.forward = Cluster.client()
                    .services()
                    .inNamespace(namespace)
                    .withName(service)
                    .portForward(port);
            this.address = new InetSocketAddress(forward.getLocalAddress(), forward.getLocalPort());
        }
    }

    private Https(Https other, InetSocketAddress address) {
        this.host = other.host;
        this.tls = other.tls;
        this.address = address;
        this.forward = null;
    }

    /** The same name and authority at the address of one pod. */
    Https at(String ip, int port) {
        return new Https(this, new InetSocketAddress(ip, port));
    }

    Reply send(@Nullable String token, String method, String path, @Nullable String body) {
        return send(token, method, path, body, Map.of());
    }

    Reply send(@Nullable String token, String method, String path, @Nullable String body, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Host", host);
        all.put("Accept", "application/json");
        all.put("Connection", "close");
        if (token != null) {
            all.put("Authorization", "Bearer " + token);
        }
        if (body != null) {
            all.put("Content-Type", "application/json");
            all.put("Content-Length", String.valueOf(body.getBytes(StandardCharsets.UTF_8).length));
        }
        all.putAll(headers);
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        all.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        return raw(request + "\r\n" + (body == null ? "" : body));
    }

    /** Sends these bytes, and reads the answer. */
    Reply raw(String request) {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return read(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks this often on each of some connections, all at the same time. */
    List<Reply> burst(String token, String path, int connections, int times) {
        String request = "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n".formatted(path, host, token);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return IntStream.range(0, connections)
                    .mapToObj(i -> threads.submit(() -> repeat(request, times)))
                    .toList()
                    .stream()
                    .flatMap(f -> joined(f).stream())
                    .toList();
        }
    }

    private static List<Reply> joined(Future<List<Reply>> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Reply> repeat(String request, int times) throws IOException {
        try (SSLSocket socket = connect()) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            List<Reply> replies = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                replies.add(read(in));
            }
            return replies;
        }
    }

    /** A connection whose other end has proved to be {@code host}. */
    SSLSocket connect() throws IOException {
        Socket plain = new Socket();
        plain.connect(address, TIMEOUT_MILLIS);
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, address.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.startHandshake();
        return socket;
    }

    private static Reply read(InputStream in) throws IOException {
        String line = line(in);
        if (line.length() < 12) {
            throw new IOException("the connection was closed without an answer");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        }
        byte[] body;
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            body = chunks(in);
        } else if (headers.containsKey("content-length")) {
            body = in.readNBytes(Integer.parseInt(headers.get("content-length")));
        } else {
            body = in.readAllBytes();
        }
        return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            all.write(in.readNBytes(size));
            line(in);
        }
        return all.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static SSLContext trusting(String authority) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (forward != null) {
            try {
                forward.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

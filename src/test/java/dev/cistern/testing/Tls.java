package dev.cistern.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts one authority and checks one name, whatever address is connected to. Public for the JDBC driver. */
public final class Tls extends SSLSocketFactory {
    static final String AUTHORITY = "test.authority";
    static final String NAME = "test.name";
    static final int MILLIS = 5000;

    private final SSLSocketFactory delegate;
    private final String name;

    public Tls(Properties properties) {
        this(properties.getProperty(AUTHORITY), properties.getProperty(NAME));
    }

    Tls(String authority, String name) {
        this.name = name;
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            delegate = context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Tls of(Binding binding, EngineClient.Endpoint at) {
        return new Tls(binding.authority(), name(binding, at));
    }

    static String name(Binding binding, EngineClient.Endpoint at) {
        return at.byAddress() ? at.address() : binding.host();
    }

    static Socket connect(EngineClient.Endpoint at) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(at.address(), at.port()), MILLIS);
        socket.setSoTimeout(MILLIS);
        return socket;
    }

    SSLSocket over(Socket socket) throws IOException {
        SSLSocket secure = (SSLSocket) createSocket(socket, name, socket.getPort(), true);
        secure.startHandshake();
        return secure;
    }

    static BigInteger serial(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    @Override
    public Socket createSocket(Socket socket, String ignored, int port, boolean autoClose) throws IOException {
        SSLSocket secure = (SSLSocket) delegate.createSocket(socket, name, port, autoClose);
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

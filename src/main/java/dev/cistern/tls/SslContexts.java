package dev.cistern.tls;

import dev.cistern.engine.KeySource.KeyPairPem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS contexts that trust one authority and nothing else. */
public final class SslContexts {
    private static final char[] NO_PASSWORD = new char[0];

    private SslContexts() {}

    /**
     * A context for clients. Host names are checked by whoever opens the connection.
     *
     * @param authority certificate to trust, PEM
     * @param client what to show when the server asks
     */
    public static SSLContext client(String authority, Optional<KeyPairPem> client) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(client), trust(authority).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a TLS context", e);
        }
    }

    /** Trust in one authority. */
    public static TrustManagerFactory trust(String authority) {
        try {
            KeyStore store = empty();
            store.setCertificateEntry("ca", Pem.certificate(authority));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot trust the authority", e);
        }
    }

    private static KeyManager[] keys(Optional<KeyPairPem> client) throws GeneralSecurityException {
        if (client.isEmpty()) {
            return new KeyManager[0];
        }
        KeyStore store = empty();
        Certificate[] chain = {Pem.certificate(client.get().certificate())};
        store.setKeyEntry("client", Pem.key(client.get().key()), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.cistern.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cistern.engine.KeySource.KeyPairPem;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatesTest {
    private static final Instant NOW = Instant.now();
    private static final List<String> NAMES = List.of("orders.shop.svc", "*.orders-pods.shop.svc", "127.0.0.1");

    private final Certificates certificates = new Certificates(Clock.fixed(NOW, ZoneOffset.UTC));
    private final KeyPairPem authority = certificates.authority("Test");
    private final KeyPairPem server = certificates.server(authority, NAMES, Duration.ofDays(90));

    @Test
    void a_server_certificate_is_signed_and_for_its_names_only() throws Exception {
        X509Certificate certificate = Pem.certificate(server.certificate());
        X509Certificate signer = Pem.certificate(authority.certificate());
        certificate.verify(signer.getPublicKey());
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(signer.getSubjectX500Principal());
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(signer.getBasicConstraints()).isNotNegative();
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(Certificates.covers(server.certificate(), NAMES)).isTrue();
        assertThat(Certificates.covers(server.certificate(), NAMES.reversed())).isTrue();
        assertThat(Certificates.covers(server.certificate(), NAMES.subList(0, 2)))
                .isFalse();
        assertThat(Certificates.covers(server.certificate(), List.of("orders.shop.svc", "a", "b")))
                .isFalse();
        assertThat(Certificates.covers(authority.certificate(), NAMES)).isFalse();
    }

    @Test
    void a_client_certificate_is_for_clients() throws Exception {
        KeyPairPem client = certificates.client(authority, "cistern", Duration.ofHours(1));
        X509Certificate certificate = Pem.certificate(client.certificate());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=cistern");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void what_remains_falls_with_time() {
        assertThat(certificates.remaining(server.certificate())).isCloseTo(1, within(0.01));
        assertThat(later(45).remaining(server.certificate())).isCloseTo(0.5, within(0.01));
        assertThat(later(91).remaining(server.certificate())).isZero();
    }

    private static Certificates later(int days) {
        return new Certificates(Clock.fixed(NOW.plus(Duration.ofDays(days)), ZoneOffset.UTC));
    }

    @Test
    void no_two_are_alike() {
        KeyPairPem other = certificates.server(authority, NAMES, Duration.ofDays(90));
        assertThat(other.key()).isNotEqualTo(server.key());
        assertThat(Pem.certificate(other.certificate()).getSerialNumber())
                .isNotEqualTo(Pem.certificate(server.certificate()).getSerialNumber());
        assertThat(certificates.password()).matches("[A-Za-z0-9]{40}").isNotEqualTo(certificates.password());
    }

    @Test
    void a_pair_does_not_show_its_key() {
        assertThat(server.toString()).doesNotContain("BEGIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"})
    void what_is_no_pem_is_refused(String text) {
        assertThatThrownBy(() -> Pem.certificate(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Pem.key(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_key_is_no_certificate_and_the_other_way_round() {
        assertThatThrownBy(() -> Pem.certificate(server.key())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Pem.key(server.certificate())).isInstanceOf(IllegalArgumentException.class);
        assertThat(Pem.key(server.key()).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void a_context_trusts_its_authority_and_no_other() throws Exception {
        assertThat(handshake(authority.certificate(), "orders.shop.svc", Optional.empty()))
                .isEqualTo("served");
        assertThat(handshake(authority.certificate(), "orders-0.orders-pods.shop.svc", Optional.empty()))
                .isEqualTo("served");
        assertThatThrownBy(() -> handshake(authority.certificate(), "other.shop.svc", Optional.empty()))
                .isInstanceOf(SSLException.class);
        String foreign = certificates.authority("Test").certificate();
        assertThatThrownBy(() -> handshake(foreign, "orders.shop.svc", Optional.empty()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void a_context_shows_the_certificate_it_was_given() throws Exception {
        KeyPairPem client = certificates.client(authority, "cistern", Duration.ofHours(1));
        assertThat(handshake(authority.certificate(), "orders.shop.svc", Optional.of(client)))
                .isEqualTo("CN=cistern");
    }

    /** What the server saw of its client. */
    private String handshake(String trusted, String name, Optional<KeyPairPem> client) throws IOException {
        SSLContext serving = SslContexts.client(authority.certificate(), Optional.of(server));
        try (SSLServerSocket listening =
                (SSLServerSocket) serving.getServerSocketFactory().createServerSocket(0, 1, null)) {
            listening.setWantClientAuth(true);
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                    accepted.startHandshake();
                    String who = client.isPresent()
                            ? accepted.getSession().getPeerPrincipal().getName()
                            : "served";
                    accepted.getOutputStream().write('x');
                    return who;
                } catch (IOException e) {
                    return "failed";
                }
            });
            try (SSLSocket socket = (SSLSocket) SslContexts.client(trusted, client)
                    .getSocketFactory()
                    .createSocket(new java.net.Socket("127.0.0.1", listening.getLocalPort()), name, 1, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                socket.getInputStream().read();
            }
            return seen.join();
        }
    }
}

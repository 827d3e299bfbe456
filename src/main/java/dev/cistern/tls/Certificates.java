package dev.cistern.tls;

import dev.cistern.engine.KeySource;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Issues certificates (EC P-256, SHA-256) and makes passwords. */
@ApplicationScoped
public class Certificates implements KeySource {
    /** Life of an authority. */
    public static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int PASSWORD_LENGTH = 40;
    private static final int SERIAL_BITS = 120;
    // Clocks of nodes differ a little; a certificate must be good at once everywhere.
    private static final Duration BACKDATE = Duration.ofMinutes(5);

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public Certificates(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String password() {
        return random.ints(PASSWORD_LENGTH, 0, ALPHABET.length())
                .collect(StringBuilder::new, (s, i) -> s.append(ALPHABET.charAt(i)), StringBuilder::append)
                .toString();
    }

    @Override
    public KeyPairPem authority(String commonName) {
        KeyPair pair = pair();
        return issue(new Subject(commonName, List.of(), null, AUTHORITY_LIFETIME), pair, pair.getPrivate(), null);
    }

    @Override
    public KeyPairPem client(KeyPairPem authority, String commonName, Duration lifetime) {
        return signed(authority, new Subject(commonName, List.of(), KeyPurposeId.id_kp_clientAuth, lifetime));
    }

    /**
     * A server certificate.
     *
     * @param authority who signs
     * @param names DNS names and IP addresses it is good for; the first is its common name
     * @param lifetime how long it is good
     */
    public KeyPairPem server(KeyPairPem authority, List<String> names, Duration lifetime) {
        return signed(authority, new Subject(names.getFirst(), names, KeyPurposeId.id_kp_serverAuth, lifetime));
    }

    @Override
    public double remaining(String certificate) {
        X509Certificate c = Pem.certificate(certificate);
        double whole = c.getNotAfter().getTime() - c.getNotBefore().getTime();
        double left = c.getNotAfter().getTime() - clock.millis();
        return Math.clamp(left / whole, 0, 1);
    }

    /** Whether the certificate is good for exactly these DNS names and IP addresses. */
    public static boolean covers(String certificate, List<String> names) {
        try {
            var alternatives = Pem.certificate(certificate).getSubjectAlternativeNames();
            return alternatives != null
                    && alternatives.stream()
                            .map(n -> String.valueOf(n.get(1)))
                            .sorted()
                            .toList()
                            .equals(names.stream().sorted().toList());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyPairPem signed(KeyPairPem authority, Subject subject) {
        return issue(subject, pair(), Pem.key(authority.key()), Pem.certificate(authority.certificate()));
    }

    private record Subject(
            String commonName, List<String> names, @Nullable KeyPurposeId purpose, Duration lifetime) {}

    private KeyPairPem issue(Subject subject, KeyPair pair, PrivateKey signer, @Nullable X509Certificate issuer) {
        Instant now = clock.instant();
        X500Principal name = new X500Principal("CN=" + subject.commonName());
        X500Principal issuerName = issuer == null ? name : issuer.getSubjectX500Principal();
        var builder = new JcaX509v3CertificateBuilder(
                issuerName,
                new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
                Date.from(now.minus(BACKDATE)),
                Date.from(now.plus(subject.lifetime())),
                name,
                pair.getPublic());
        try {
            extend(builder, subject, pair, issuer);
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
            return new KeyPairPem(Pem.write(pair.getPrivate()), Pem.write(certificate));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("cannot issue a certificate for " + subject.commonName(), e);
        }
    }

    private static void extend(
            JcaX509v3CertificateBuilder builder, Subject subject, KeyPair pair, @Nullable X509Certificate issuer)
            throws GeneralSecurityException, CertIOException {
        JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
        boolean authority = subject.purpose() == null;
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
        builder.addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()));
        if (issuer != null) {
            builder.addExtension(Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(issuer));
        }
        if (subject.purpose() != null) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(subject.purpose()));
        }
        if (!subject.names().isEmpty()) {
            GeneralName[] names = subject.names().stream()
                    .map(n -> new GeneralName(isAddress(n) ? GeneralName.iPAddress : GeneralName.dNSName, n))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
    }

    private static boolean isAddress(String name) {
        return name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || name.contains(":");
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

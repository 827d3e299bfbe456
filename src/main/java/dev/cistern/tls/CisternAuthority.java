package dev.cistern.tls;

import dev.cistern.engine.KeySource.KeyPairPem;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Cistern's own authority, kept in a Secret of its own namespace and made at the first start. It signs what databases
 * and the gateway show; clients trust its certificate.
 */
@ApplicationScoped
public class CisternAuthority {
    /** Name of the Secret with the authority's key and certificate. */
    public static final String SECRET = "cistern-ca";
    /** Name of the Secret with the gateway's certificate. */
    public static final String GATEWAY_SECRET = "cistern-gateway-tls";

    private static final int CONFLICT = 409;
    // Renewed when a third of its life is left.
    private static final double RENEW_BELOW = 1.0 / 3;

    private final Certificates certificates;
    private final Duration lifetime;
    private volatile @Nullable KeyPairPem authority;

    public CisternAuthority(
            Certificates certificates,
            @ConfigProperty(name = "cistern.tls.certificate-lifetime-days", defaultValue = "90") int lifetimeDays) {
        this.certificates = certificates;
        this.lifetime = Duration.ofDays(lifetimeDays);
    }

    /** Reads the authority from the cluster, or makes it. Two operators that start at once end with the same one. */
    public void load(KubernetesClient client, String namespace) {
        var resource = client.secrets().inNamespace(namespace).withName(SECRET);
        Secret secret = resource.get();
        if (secret == null) {
            KeyPairPem made = certificates.authority("Cistern");
            try {
                secret = client.resource(secret(namespace, SECRET, made, made.certificate()))
                        .create();
            } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT) {
                    throw e;
                }
                secret = resource.get();
            }
        }
        authority = pair(secret);
    }

    /** Certificate of the authority, PEM. */
    public String certificate() {
        return loaded().certificate();
    }

    /** A new server certificate for these names. */
    public KeyPairPem issue(List<String> names) {
        return certificates.server(loaded(), names, lifetime);
    }

    /** Whether a server certificate is for these names, of this authority, and far from its end. */
    public boolean good(Map<String, String> tls, List<String> names) {
        String certificate = tls.get("tls.crt");
        return certificate != null
                && tls.containsKey("tls.key")
                && Objects.equals(tls.get("ca.crt"), certificate())
                && Certificates.covers(certificate, names)
                && certificates.remaining(certificate) > RENEW_BELOW;
    }

    /** Makes or renews the gateway's certificate. */
    public void ensureGateway(KubernetesClient client, String namespace) {
        List<String> names = List.of(
                "cistern-gateway",
                "cistern-gateway." + namespace,
                "cistern-gateway." + namespace + ".svc",
                "cistern-gateway." + namespace + ".svc.cluster.local",
                "localhost",
                "127.0.0.1");
        Secret existing =
                client.secrets().inNamespace(namespace).withName(GATEWAY_SECRET).get();
        if (existing == null || !good(decode(existing), names)) {
            client.resource(secret(namespace, GATEWAY_SECRET, issue(names), certificate()))
                    .forceConflicts()
                    .fieldManager("cistern")
                    .serverSideApply();
        }
    }

    /** A Secret's data as text. */
    public static Map<String, String> decode(Secret secret) {
        return secret.getData() == null
                ? Map.of()
                : secret.getData().entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                Map.Entry::getKey,
                                e -> new String(Base64.getDecoder().decode(e.getValue()), StandardCharsets.UTF_8)));
    }

    private KeyPairPem loaded() {
        KeyPairPem loaded = authority;
        if (loaded == null) {
            throw new IllegalStateException("the authority has not been loaded");
        }
        return loaded;
    }

    private static KeyPairPem pair(Secret secret) {
        Map<String, String> data = decode(secret);
        return new KeyPairPem(
                Objects.requireNonNull(data.get("tls.key"), "tls.key of " + SECRET),
                Objects.requireNonNull(data.get("tls.crt"), "tls.crt of " + SECRET));
    }

    private static Secret secret(String namespace, String name, KeyPairPem pair, String authority) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("app.kubernetes.io/part-of", "cistern")
                .endMetadata()
                .withType("kubernetes.io/tls")
                .addToData("tls.crt", encode(pair.certificate()))
                .addToData("tls.key", encode(pair.key()))
                .addToData("ca.crt", encode(authority))
                .build();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

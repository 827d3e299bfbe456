package dev.cistern.controller;

import dev.cistern.catalogue.CatalogueSource;
import dev.cistern.tls.CisternAuthority;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Starts and stops the operator, when this process is one. */
@ApplicationScoped
class OperatorLifecycle {
    private static final Logger LOG = Logger.getLogger(OperatorLifecycle.class);
    private static final Set<String> ROLES = Set.of("operator", "all");

    private final Instance<Operator> operator;
    private final KubernetesClient client;
    private final CatalogueSource catalogue;
    private final CisternAuthority authority;
    private final String role;
    private final String namespace;
    private volatile boolean started;

    OperatorLifecycle(
            Instance<Operator> operator,
            KubernetesClient client,
            CatalogueSource catalogue,
            CisternAuthority authority,
            @ConfigProperty(name = "cistern.role") String role,
            @ConfigProperty(name = "cistern.namespace", defaultValue = "cistern-system") String namespace) {
        this.operator = operator;
        this.client = client;
        this.catalogue = catalogue;
        this.authority = authority;
        this.role = role;
        this.namespace = namespace;
    }

    void start(@Observes StartupEvent event) {
        if (!ROLES.contains(role)) {
            return;
        }
        authority.load(client, namespace);
        authority.ensureGateway(client, namespace);
        catalogue.start(client, namespace);
        operator.get().start();
        started = true;
    }

    void stop(@Observes ShutdownEvent event) {
        if (!started) {
            return;
        }
        started = false;
        operator.get().stop();
        catalogue.stop();
        releaseLease();
    }

    /** Whether this process is an operator that has started. */
    boolean running() {
        return started;
    }

    // The framework lets the lease run out; giving it up lets a standby take over at once.
    private void releaseLease() {
        try {
            var lease = client.leases().inNamespace(namespace).withName(OperatorConfiguration.LEASE);
            var held = lease.get();
            String own = System.getenv("HOSTNAME");
            if (held != null && own != null && own.equals(held.getSpec().getHolderIdentity())) {
                held.getSpec().setHolderIdentity("");
                held.getSpec().setLeaseDurationSeconds(1);
                client.resource(held).update();
            }
        } catch (KubernetesClientException e) {
            LOG.infof("the lease was not given up and runs out by itself: %s", e.getMessage());
        }
    }
}

package dev.cistern.gateway;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Starts and stops the gateway where the role of this process asks for one. */
@ApplicationScoped
public class GatewayLifecycle {
    private static final Set<String> WATCHING = Set.of("gateway", "all");
    private static final String TRAINING = "train";

    private final String role;
    private final Mirrors mirrors;
    private final GatewayConfig config;

    GatewayLifecycle(
            @ConfigProperty(name = "cistern.role", defaultValue = "operator") String role,
            Mirrors mirrors,
            GatewayConfig config) {
        this.role = role;
        this.mirrors = mirrors;
        this.config = config;
    }

    void onStart(@Observes StartupEvent event) {
        if (WATCHING.contains(role)) {
            requireTls();
            start();
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        stop();
    }

    /** Begins to watch the cluster; returns at once, and the gateway is ready once everything has been read. */
    public void start() {
        mirrors.start();
    }

    /** Ends the watches. */
    public void stop() {
        mirrors.stop();
    }

    /** Whether this process is a gateway. */
    public boolean isGateway() {
        return WATCHING.contains(role);
    }

    /** Whether this process answers REST; one in training does, so that its classes are warm, but knows no cluster. */
    boolean serves() {
        return isGateway() || role.equals(TRAINING);
    }

    /** Callers' tokens travel here, so going without TLS must be somebody's decision. */
    private void requireTls() {
        if (!config.plainHttp() && config.tls().certificate().isEmpty()) {
            throw new IllegalStateException("the gateway needs a certificate: set cistern.gateway.tls.certificate and"
                    + " cistern.gateway.tls.key, or cistern.gateway.plain-http=true where TLS ends elsewhere");
        }
    }
}

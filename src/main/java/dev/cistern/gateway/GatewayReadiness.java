package dev.cistern.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the cluster has been read; an API server that goes away later does not make the gateway unready, since every
 * replica would be and clients would lose the clear 503.
 */
@Readiness
@ApplicationScoped
class GatewayReadiness implements HealthCheck {
    private final GatewayLifecycle lifecycle;
    private final Mirrors mirrors;

    GatewayReadiness(GatewayLifecycle lifecycle, Mirrors mirrors) {
        this.lifecycle = lifecycle;
        this.mirrors = mirrors;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("gateway")
                .status(!lifecycle.isGateway() || mirrors.synced())
                .build();
    }
}

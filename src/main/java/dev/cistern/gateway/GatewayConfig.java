package dev.cistern.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/** The settings of the gateway. */
@ConfigMapping(prefix = "cistern.gateway")
public interface GatewayConfig {
    /** How many requests a caller may send. */
    @WithName("rate-limit")
    RateLimit rateLimit();

    /** How long an answer of the API server about a caller's token may be used again. */
    @WithName("authorisation-ttl")
    @WithDefault("10s")
    Duration authorisationTtl();

    /** How long a quick action may take. */
    @WithName("action-deadline")
    @WithDefault("30s")
    Duration actionDeadline();

    /** How long the record of an action stays after its end. */
    @WithName("action-ttl")
    @WithDefault("300s")
    Duration actionTtl();

    /** How long to wait for one answer of the API server. */
    @WithName("api-timeout")
    @WithDefault("5s")
    Duration apiTimeout();

    /** The certificate that clients see. */
    Tls tls();

    /** Whether to serve without a certificate, for development and behind a proxy that ends TLS. */
    @WithName("plain-http")
    @WithDefault("false")
    boolean plainHttp();

    /** {@code enabled} keeps the plain port beside the TLS one, {@code redirect} sends its callers over, {@code disabled} closes it. */
    @WithName("insecure-requests")
    @WithDefault("enabled")
    String insecureRequests();

    /** A bucket of tokens per caller. */
    interface RateLimit {
        /** Requests a second, for as long as the caller likes. */
        @WithName("requests-per-second")
        @WithDefault("100")
        int requestsPerSecond();

        /** Requests at once. */
        @WithDefault("200")
        int burst();
    }

    /** Files in PEM form, read again when they change. */
    interface Tls {
        /** Certificate chain. */
        Optional<String> certificate();

        /** Private key. */
        Optional<String> key();
    }
}

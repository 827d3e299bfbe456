package dev.cistern.controller;

import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurationServiceCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the operator framework is told. */
@Singleton
class OperatorConfiguration implements ConfigurationServiceCustomizer {
    /** Name of the lease that one operator of a release holds. */
    static final String LEASE = "cistern-operator";

    private static final Duration LEASE_DURATION = Duration.ofSeconds(8);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(5);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(1);

    private final int concurrency;

    OperatorConfiguration(@ConfigProperty(name = "cistern.concurrency", defaultValue = "16") int concurrency) {
        this.concurrency = concurrency;
    }

    // Threads wait for engines most of the time, so they are virtual; how many run at once is bounded, because each
    // holds the objects of one database and a share of the API server's patience.
    static ExecutorService bounded(int concurrency) {
        return Executors.newFixedThreadPool(
                concurrency, Thread.ofVirtual().name("reconcile-", 0).factory());
    }

    @Override
    public Consumer<ConfigurationServiceOverrider> overrider() {
        return o -> o.withExecutorService(bounded(concurrency))
                .withWorkflowExecutorService(bounded(1))
                .withReconciliationTerminationTimeout(Duration.ofSeconds(10));
    }

    @Produces
    @Singleton
    LeaderElectionConfiguration leaderElection(
            @ConfigProperty(name = "cistern.namespace", defaultValue = "cistern-system") String namespace) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(namespace)
                .withLeaseDuration(LEASE_DURATION)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY_PERIOD)
                .build();
    }

    // The framework registers this meter with and without the tag, which the Prometheus registry refuses, and the
    // refusal would end the thread that schedules reconciliations.
    @Produces
    @Singleton
    MeterFilter sameTags() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals("events.received") && id.getTag("action") == null
                        ? id.withTag(Tag.of("action", "none"))
                        : id;
            }
        };
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}

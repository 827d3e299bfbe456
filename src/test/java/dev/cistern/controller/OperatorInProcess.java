package dev.cistern.controller;

import dev.cistern.catalogue.Catalogue;
import dev.cistern.catalogue.CatalogueSource;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineRegistry;
import dev.cistern.engine.ParamsReader;
import dev.cistern.kube.Events;
import dev.cistern.operation.ActionRunner;
import dev.cistern.tls.Certificates;
import dev.cistern.tls.CisternAuthority;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import jakarta.validation.Validation;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/** The controllers wired by hand, as the container wires them, for one namespace. */
public final class OperatorInProcess implements AutoCloseable {
    private static final int CONCURRENCY = 16;

    private final Operator operator;

    public OperatorInProcess(KubernetesClient client, String namespace, List<Engine> engines, Catalogue offered) {
        Clock clock = Clock.systemUTC();
        Certificates certificates = new Certificates(clock);
        CisternAuthority authority = new CisternAuthority(certificates, 90);
        authority.load(client, namespace);
        CatalogueSource catalogue = new CatalogueSource();
        catalogue.set(offered);
        EngineRegistry registry = new EngineRegistry(engines);
        Events events = new Events(client, clock);
        RunningDatabases running = new RunningDatabases();
        PublicServiceSettings exposure = nodePorts();
        PublicEndpoint endpoint = new PublicEndpoint(exposure, client, clock);
        operator = new Operator(o -> o.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(OperatorConfiguration.bounded(CONCURRENCY)));
        operator.register(
                new DatabaseReconciler(
                        new Resolver(registry, catalogue, certificates, authority, new ReleaseChoice(), endpoint),
                        new SharedObjects(exposure, new NetworkRules(exposure, namespace)),
                        new StatusBuilder(clock, catalogue, endpoint),
                        new DatabaseEvents(events),
                        running,
                        endpoint,
                        catalogue),
                o -> o.settingNamespace(namespace));
        operator.register(new DatabaseFeatureReconciler(running, events, clock), o -> o.settingNamespace(namespace));
        operator.register(
                new DatabaseActionReconciler(running, registry, new ActionRunner(params()), events, clock),
                o -> o.settingNamespace(namespace));
        operator.start();
    }

    private static ParamsReader params() {
        return new ParamsReader(Validation.byDefaultProvider()
                .configure()
                .messageInterpolator(new ParameterMessageInterpolator())
                .buildValidatorFactory()
                .getValidator());
    }

    private static PublicServiceSettings nodePorts() {
        return new PublicServiceSettings() {
            @Override
            public String type() {
                return "NodePort";
            }

            @Override
            public Map<String, String> annotations() {
                return Map.of();
            }

            @Override
            public Optional<List<String>> allowedSourceRanges() {
                return Optional.empty();
            }

            @Override
            public Optional<String> host() {
                return Optional.empty();
            }
        };
    }

    @Override
    public void close() {
        operator.stop();
    }
}

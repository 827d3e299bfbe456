package dev.cistern.controller;

import dev.cistern.api.Feature;
import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Workload;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The objects that a database of any engine has. Pure: same input, same output. */
@ApplicationScoped
class SharedObjects {
    private final PublicServiceSettings publicService;
    private final NetworkRules network;

    SharedObjects(PublicServiceSettings publicService, NetworkRules network) {
        this.publicService = publicService;
        this.network = network;
    }

    /** All objects of the database, Secrets first, the pods last. */
    List<HasMetadata> desired(Resolved resolved) {
        EngineContext context = resolved.context();
        List<HasMetadata> own = resolved.engine().desired(context);
        List<HasMetadata> all = new ArrayList<>(secrets(resolved));
        all.add(headless(context, resolved.engine()));
        all.add(network.policy(context, own));
        all.addAll(own);
        if (context.plan().instances() > 1) {
            all.add(budget(context));
        }
        if (context.on(Feature.PUBLICLY_AVAILABLE)) {
            all.add(exposure(context, resolved.engine(), own));
        }
        return all;
    }

    private static List<Secret> secrets(Resolved resolved) {
        EngineContext context = resolved.context();
        List<Secret> secrets = new ArrayList<>();
        secrets.add(binding(context, resolved.engine()));
        secrets.add(SecretData.secret(context, Names.tls(context.name()), "kubernetes.io/tls", resolved.tls()));
        Map<String, String> internal = new TreeMap<>(context.internal());
        internal.putAll(ClientKeys.of(context.credentials()));
        secrets.add(SecretData.secret(context, Names.internal(context.name()), "Opaque", internal));
        return secrets;
    }

    // Keys and type of the Service Binding specification for Kubernetes, section "Well-known Secret Entries".
    private static Secret binding(EngineContext context, Engine engine) {
        Map<String, String> data = new TreeMap<>();
        data.put("type", engine.type().id());
        data.put("provider", "cistern");
        data.put("host", context.host());
        data.put("port", String.valueOf(engine.profile().port()));
        data.put("username", context.credentials().username());
        data.put("password", context.credentials().password().value());
        data.put("database", engine.database(context));
        data.put("uri", engine.uri(context));
        data.put("ca.crt", context.tls().authority());
        return SecretData.secret(
                context,
                Names.binding(context.name()),
                "servicebinding.io/" + engine.type().id(),
                data);
    }

    private static Service headless(EngineContext context, Engine engine) {
        return new ServiceBuilder()
                .withMetadata(Workload.metadata(context, Names.pods(context.name())))
                .withNewSpec()
                .withClusterIP("None")
                // A member must be found before it is ready: to be cloned from, and to vote.
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.selector(context.name()))
                .addNewPort()
                .withName(engine.profile().portName())
                .withPort(engine.profile().port())
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    private static PodDisruptionBudget budget(EngineContext context) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Workload.metadata(context, context.name()))
                .withNewSpec()
                .withNewMaxUnavailable(1)
                .withNewSelector()
                .withMatchLabels(Labels.selector(context.name()))
                .endSelector()
                .endSpec()
                .build();
    }

    private Service exposure(EngineContext context, Engine engine, List<HasMetadata> own) {
        Service service = new ServiceBuilder()
                .withMetadata(Workload.metadata(context, Names.publicService(context.name())))
                .withNewSpec()
                .withType(publicService.type())
                .withSelector(clientSelector(context, own))
                .addNewPort()
                .withName(engine.profile().portName())
                .withPort(engine.profile().port())
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
        if (!publicService.annotations().isEmpty()) {
            service.getMetadata().setAnnotations(new TreeMap<>(publicService.annotations()));
        }
        if ("LoadBalancer".equals(publicService.type())) {
            publicService.allowedSourceRanges().ifPresent(service.getSpec()::setLoadBalancerSourceRanges);
        }
        return service;
    }

    // The same pods as the Service inside the cluster: only the primary where there is one.
    private static Map<String, String> clientSelector(EngineContext context, List<HasMetadata> own) {
        return own.stream()
                .filter(Service.class::isInstance)
                .map(Service.class::cast)
                .filter(s -> s.getMetadata().getName().equals(context.name()))
                .findFirst()
                .map(s -> s.getSpec().getSelector())
                .orElseGet(() -> Labels.selector(context.name()));
    }

    /** The name of the public Service, for removal when it is no longer wanted. */
    static Optional<String> unwantedExposure(EngineContext context) {
        return context.on(Feature.PUBLICLY_AVAILABLE)
                ? Optional.empty()
                : Optional.of(Names.publicService(context.name()));
    }
}

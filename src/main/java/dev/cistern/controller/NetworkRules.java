package dev.cistern.controller;

import dev.cistern.api.Feature;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Workload;
import dev.cistern.kube.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Who may speak to a database's pods, and to whom they may: clients of the same namespace (and of namespaces that carry
 * {@link Labels#CLIENTS}) reach the ports of the client Service, the operator and the other members reach all; outwards
 * there are only the other members, DNS and, for pods with an account, the API server.
 */
@ApplicationScoped
class NetworkRules {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";
    private static final List<Integer> API_SERVER_PORTS = List.of(443, 6443);

    private final PublicServiceSettings publicService;
    private final String namespace;

    NetworkRules(
            PublicServiceSettings publicService,
            @ConfigProperty(name = "cistern.namespace", defaultValue = "cistern-system") String namespace) {
        this.publicService = publicService;
        this.namespace = namespace;
    }

    /** @param own the engine's objects, among them the client Service and perhaps an account */
    NetworkPolicy policy(EngineContext context, List<HasMetadata> own) {
        return new NetworkPolicyBuilder()
                .withMetadata(Workload.metadata(context, context.name()))
                .withNewSpec()
                .withPodSelector(selector(Labels.selector(context.name())))
                .withPolicyTypes("Ingress", "Egress")
                .withIngress(ingress(context, clientPorts(context, own)))
                .withEgress(egress(context, own.stream().anyMatch(ServiceAccount.class::isInstance)))
                .endSpec()
                .build();
    }

    private List<NetworkPolicyIngressRule> ingress(EngineContext context, List<NetworkPolicyPort> ports) {
        List<NetworkPolicyPeer> clients = new ArrayList<>(List.of(
                new NetworkPolicyPeerBuilder()
                        .withPodSelector(new LabelSelector())
                        .build(),
                new NetworkPolicyPeerBuilder()
                        .withNamespaceSelector(selector(Map.of(Labels.CLIENTS, "true")))
                        .build()));
        if (context.on(Feature.PUBLICLY_AVAILABLE)) {
            publicService
                    .allowedSourceRanges()
                    .orElse(List.of("0.0.0.0/0"))
                    .forEach(range -> clients.add(new NetworkPolicyPeerBuilder()
                            .withNewIpBlock()
                            .withCidr(range)
                            .endIpBlock()
                            .build()));
        }
        return List.of(
                new NetworkPolicyIngressRuleBuilder()
                        .withFrom(clients)
                        .withPorts(ports)
                        .build(),
                new NetworkPolicyIngressRuleBuilder()
                        .withFrom(
                                members(context),
                                new NetworkPolicyPeerBuilder()
                                        .withNamespaceSelector(selector(Map.of(NAMESPACE_NAME, namespace)))
                                        .withPodSelector(selector(Map.of("app.kubernetes.io/component", "operator")))
                                        .build())
                        .build());
    }

    private static List<NetworkPolicyEgressRule> egress(EngineContext context, boolean account) {
        List<NetworkPolicyEgressRule> rules = new ArrayList<>(List.of(
                new NetworkPolicyEgressRuleBuilder().withTo(members(context)).build(),
                new NetworkPolicyEgressRuleBuilder()
                        .withTo(new NetworkPolicyPeerBuilder()
                                .withNamespaceSelector(selector(Map.of(NAMESPACE_NAME, "kube-system")))
                                .withPodSelector(selector(Map.of("k8s-app", "kube-dns")))
                                .build())
                        .build()));
        if (account) {
            // The API server is not a pod and its address is not known to a policy; its ports are.
            rules.add(new NetworkPolicyEgressRuleBuilder()
                    .withPorts(API_SERVER_PORTS.stream().map(NetworkRules::port).toList())
                    .build());
        }
        return rules;
    }

    private static List<NetworkPolicyPort> clientPorts(EngineContext context, List<HasMetadata> own) {
        return own.stream()
                .filter(Service.class::isInstance)
                .map(Service.class::cast)
                .filter(s -> s.getMetadata().getName().equals(context.name()))
                .flatMap(s -> s.getSpec().getPorts().stream())
                .map(p -> p.getTargetPort() != null && p.getTargetPort().getIntVal() != null
                        ? p.getTargetPort().getIntVal()
                        : p.getPort())
                .distinct()
                .sorted()
                .map(NetworkRules::port)
                .toList();
    }

    private static NetworkPolicyPeer members(EngineContext context) {
        return new NetworkPolicyPeerBuilder()
                .withPodSelector(selector(Labels.selector(context.name())))
                .build();
    }

    private static NetworkPolicyPort port(int port) {
        return new NetworkPolicyPort(null, new IntOrString(port), "TCP");
    }

    private static LabelSelector selector(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }
}

package dev.cistern.controller;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The address of a Service as the outside sees it. */
@ApplicationScoped
class PublicEndpoint {
    private static final List<String> PREFERENCE = List.of("ExternalIP", "ExternalDNS", "InternalIP");
    private static final Duration KEEP = Duration.ofMinutes(10);

    private final PublicServiceSettings settings;
    private final KubernetesClient client;
    private final Clock clock;
    private Optional<String> node = Optional.empty();
    private Instant nodeRead = Instant.MIN;

    PublicEndpoint(PublicServiceSettings settings, KubernetesClient client, Clock clock) {
        this.settings = settings;
        this.client = client;
        this.clock = clock;
    }

    /** Host and port. */
    record Address(String host, int port) {}

    /** The address, once the cluster has given one. */
    Optional<Address> of(Service service) {
        var port = service.getSpec().getPorts().getFirst();
        if ("NodePort".equals(service.getSpec().getType())) {
            return port.getNodePort() == null
                    ? Optional.empty()
                    : settings.host().or(this::nodeAddress).map(h -> new Address(h, port.getNodePort()));
        }
        return Optional.ofNullable(service.getStatus())
                .flatMap(s -> Optional.ofNullable(s.getLoadBalancer()))
                .flatMap(l -> l.getIngress().stream().findFirst())
                .map(i -> i.getHostname() != null && !i.getHostname().isEmpty() ? i.getHostname() : i.getIp())
                .map(ingress -> new Address(settings.host().orElse(ingress), port.getPort()));
    }

    // Any node answers for a NodePort; nodes come and go rarely, so one look in ten minutes is enough.
    private synchronized Optional<String> nodeAddress() {
        if (node.isEmpty() || nodeRead.plus(KEEP).isBefore(clock.instant())) {
            List<NodeAddress> addresses = client.nodes().list().getItems().stream()
                    .flatMap(n -> n.getStatus().getAddresses().stream())
                    .toList();
            node = PREFERENCE.stream()
                    .flatMap(type -> addresses.stream()
                            .filter(a -> a.getType().equals(type))
                            .map(NodeAddress::getAddress))
                    .findFirst();
            nodeRead = clock.instant();
        }
        return node;
    }
}

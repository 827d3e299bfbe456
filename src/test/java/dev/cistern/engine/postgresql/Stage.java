package dev.cistern.engine.postgresql;

import dev.cistern.api.Database;
import dev.cistern.api.Feature;
import dev.cistern.catalogue.Plan;
import dev.cistern.catalogue.Release;
import dev.cistern.catalogue.Version;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.KeySource.KeyPairPem;
import dev.cistern.engine.ServerTls;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import dev.cistern.kube.Secret;
import dev.cistern.tls.Certificates;
import dev.cistern.tls.Pem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Stands in for the Database controller: writes the objects of one database and shows the engine what runs. */
final class Stage implements AutoCloseable {
    final PostgresqlEngine engine;
    final KubernetesClient client;
    private final Certificates certificates = new Certificates(Clock.systemUTC());
    private final KeyPairPem authority = certificates.authority("stage");
    private final String namespace;
    private final String name;
    private KeyPairPem server;
    private Map<String, String> internal = Map.of();
    Credentials credentials = new Credentials("app_user", new Secret(certificates.password()), "app_db");
    Set<Feature> features = Set.of();
    int instances = 1;
    int memory = 256;
    String version = "17.12.0-1";

    Stage(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.engine = new PostgresqlEngine(certificates);
        this.server = issue();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    /** A new server certificate, in the Secret only. */
    void renewServer() {
        server = issue();
        writeSecrets();
    }

    /** Writes all objects, as the controller does. */
    void apply() {
        internal = engine.internal(internal, certificates);
        writeSecrets();
        write(new ServiceBuilder()
                .withNewMetadata()
                .withName(Names.pods(name))
                .withNamespace(namespace)
                .withLabels(Labels.of(name, "postgresql"))
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.selector(name))
                .addNewPort()
                .withName("postgresql")
                .withPort(PostgresqlPods.PORT)
                .endPort()
                .endSpec()
                .build());
        engine.desired(context()).forEach(this::write);
    }

    void forgetAuthority() {
        internal = Map.of();
    }

    EngineContext context() {
        Database database = Serialization.unmarshal("""
                apiVersion: cistern.dev/v1alpha1
                kind: Database
                metadata: {name: %s, namespace: %s}
                spec: {engine: postgresql, plan: stage}
                """.formatted(name, namespace), Database.class);
        Release release = new Release(
                "postgresql", Version.parse(version), "docker.io/cistern/postgresql:" + version, List.of(), false);
        Plan plan = new Plan(
                "stage",
                Set.of(),
                instances,
                memory,
                new Quantity("50m"),
                new Quantity("1Gi"),
                new Plan.Backups(7, 4, 0, 10));
        return new EngineContext(
                database,
                release,
                plan,
                features,
                credentials,
                new ServerTls(
                        authority.certificate(),
                        Pem.certificate(server.certificate()).getSerialNumber()),
                internal,
                running(database));
    }

    List<Pod> pods() {
        return client.pods()
                .inNamespace(namespace)
                .withLabels(Labels.selector(name))
                .list()
                .getItems();
    }

    private List<Instance> running(Database database) {
        return pods().stream()
                .map(pod -> new Instance(
                        pod.getMetadata().getName(),
                        pod.getMetadata().getUid(),
                        Names.podHost(database, pod.getMetadata().getName()),
                        Optional.ofNullable(pod.getStatus().getPodIP()),
                        pod.getStatus().getConditions().stream()
                                .anyMatch(c -> c.getType().equals("Ready")
                                        && c.getStatus().equals("True")),
                        Labels.get(pod, Labels.ROLE)))
                .toList();
    }

    /** Calls configure() until all is in force. */
    void settle(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            switch (engine.configure(context())) {
                case Configuration.InForce ignored -> {
                    return;
                }
                case Configuration.Changing changing -> {
                    if (System.nanoTime() > until) {
                        throw new AssertionError(changing.message());
                    }
                    System.out.println("  " + changing.message());
                    Thread.sleep(changing.retryIn());
                }
                case Configuration.Rejected rejected -> throw new AssertionError(rejected.message());
            }
        }
    }

    private KeyPairPem issue() {
        String pods = "*." + Names.pods(name) + "." + namespace + ".svc";
        return certificates.server(
                authority, List.of(name + "." + namespace + ".svc", pods, "localhost"), Duration.ofDays(1));
    }

    private void writeSecrets() {
        write(secret(
                Names.tls(name),
                Map.of("tls.crt", server.certificate(), "tls.key", server.key(), "ca.crt", authority.certificate())));
        write(secret(Names.internal(name), internal));
    }

    private HasMetadata secret(String secret, Map<String, String> values) {
        Map<String, String> data = new HashMap<>();
        new TreeMap<>(values).forEach((k, v) -> data.put(k, Base64.getEncoder().encodeToString(v.getBytes())));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(secret)
                .withNamespace(namespace)
                .endMetadata()
                .withData(data)
                .build();
    }

    private void write(HasMetadata object) {
        client.resource(object).fieldManager("cistern").forceConflicts().serverSideApply();
    }

    @Override
    public void close() {
        client.namespaces().withName(namespace).delete();
    }
}

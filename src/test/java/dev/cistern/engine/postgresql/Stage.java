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
import dev.cistern.engine.Observation;
import dev.cistern.engine.ServerTls;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import dev.cistern.kube.Secret;
import dev.cistern.testing.Cluster;
import dev.cistern.testing.TestNamespace;
import dev.cistern.tls.Certificates;
import dev.cistern.tls.Pem;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
    final KubernetesClient client = Cluster.client();
    private final TestNamespace place;
    final Certificates certificates = new Certificates(Clock.systemUTC());
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

    Stage(String name) {
        this.place = new TestNamespace("postgresql");
        this.namespace = place.name();
        this.name = name;
        this.engine = new PostgresqlEngine(certificates);
        this.server = issue();
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

    /** As after a deletion that keeps the volumes: no pods, no Patroni state, no Secrets of before. */
    void deleteAllButVolumes() throws InterruptedException {
        client.apps().statefulSets().inNamespace(namespace).withName(name).delete();
        client.configMaps()
                .inNamespace(namespace)
                .withLabels(Labels.selector(name))
                .delete();
        while (!pods().isEmpty()) {
            Thread.sleep(100);
        }
        internal = Map.of();
        credentials =
                new Credentials(credentials.username(), new Secret(certificates.password()), credentials.database());
    }

    /** Waits until clients are served, configuring on the way as the controller does. */
    void serving(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            Configuration configuration = engine.configure(context());
            Observation observation = engine.observe(context());
            if (observation instanceof Observation.Serving && configuration instanceof Configuration.InForce) {
                return;
            }
            if (System.nanoTime() > until) {
                throw new AssertionError(observation + "; " + configuration);
            }
            Thread.sleep(200);
        }
    }

    /** Runs a command in the first pod. */
    String exec(String... command) throws Exception {
        var out = new java.io.ByteArrayOutputStream();
        try (var watch = client.pods()
                .inNamespace(namespace)
                .withName(Names.pod(name, 0))
                .writingOutput(out)
                .writingError(out)
                .exec(command)) {
            watch.exitCode().get(30, java.util.concurrent.TimeUnit.SECONDS);
        }
        return out.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Resource versions of what Patroni keeps, to see that nothing is written. */
    String patroniConfiguration() {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(name + "-config")
                .get()
                .getMetadata()
                .getResourceVersion();
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
        place.close();
    }
}

package dev.cistern.engine.redis;

import static org.awaitility.Awaitility.await;

import dev.cistern.api.Feature;
import dev.cistern.catalogue.Plan;
import dev.cistern.catalogue.Release;
import dev.cistern.catalogue.Version;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.KeySource.KeyPairPem;
import dev.cistern.engine.Observation;
import dev.cistern.engine.ServerTls;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import dev.cistern.testing.Cluster;
import dev.cistern.testing.TestNamespace;
import dev.cistern.tls.Certificates;
import dev.cistern.tls.Pem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** One real Redis of the engine's own manifests in a namespace of its own; the test plays the controller. */
final class Bed implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final RedisEngine engine = new RedisEngine();
    private final Connections connections = new Connections(Duration.ofMinutes(10));
    final KubernetesClient kubernetes = Cluster.client();
    private final Certificates certificates = new Certificates(Clock.systemUTC());
    private final KeyPairPem authority = certificates.authority("test");
    private final TestNamespace own = new TestNamespace("redis");
    private final String namespace = own.name();
    private Contexts contexts;
    private Set<Feature> features;
    private KeyPairPem certificate;

    Bed(String version, Feature... features) {
        Contexts given = Contexts.read("""
                database:
                  apiVersion: cistern.dev/v1alpha1
                  kind: Database
                  metadata: {name: orders, namespace: %s}
                  spec: {engine: redis, plan: starter-256}
                release: {engine: redis, version: %s, image: "docker.io/cistern/redis:%s"}
                plan: {name: starter-256, memoryMiB: 256, cpu: 50m, disk: 1Gi}
                features: []
                """.formatted(namespace, version, version));
        this.contexts = given;
        this.features = features.length == 0 ? Set.of() : EnumSet.copyOf(List.of(features));
        this.certificate = issue();
        try {
            apply();
            settle();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private KeyPairPem issue() {
        return certificates.server(
                authority,
                List.of(Names.host(contexts.database()), Names.podHost(contexts.database(), "orders-0")),
                Duration.ofDays(1));
    }

    EngineContext context() {
        return contexts.context(features, tls(), instances());
    }

    private ServerTls tls() {
        return new ServerTls(
                authority.certificate(),
                Pem.certificate(certificate.certificate()).getSerialNumber());
    }

    List<Instance> instances() {
        return kubernetes.pods().inNamespace(namespace).withLabels(Labels.selector("orders")).list().getItems().stream()
                .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                .map(this::instance)
                .toList();
    }

    private Instance instance(Pod pod) {
        String name = pod.getMetadata().getName();
        return new Instance(
                name,
                pod.getMetadata().getUid(),
                Names.podHost(contexts.database(), name),
                Optional.ofNullable(pod.getStatus().getPodIP()),
                pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True")),
                Optional.empty());
    }

    /** Writes what the controller would. */
    void apply() {
        EngineContext context = contexts.context(features, tls(), List.of());
        List<HasMetadata> all = new ArrayList<>(engine.desired(context));
        StatefulSet running = kubernetes
                .apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("orders")
                .get();
        if (running != null) {
            // The labels of the claims tell the version, and the templates cannot be changed.
            all.stream()
                    .filter(StatefulSet.class::isInstance)
                    .map(StatefulSet.class::cast)
                    .forEach(s -> s.getSpec()
                            .setVolumeClaimTemplates(running.getSpec().getVolumeClaimTemplates()));
        }
        all.add(new SecretBuilder()
                .withNewMetadata()
                .withName(Names.tls("orders"))
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of(
                        "tls.crt", base64(certificate.certificate()),
                        "tls.key", base64(certificate.key()),
                        "ca.crt", base64(authority.certificate())))
                .build());
        all.add(new ServiceBuilder()
                .withNewMetadata()
                .withName(Names.pods("orders"))
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .withSelector(Labels.selector("orders"))
                .endSpec()
                .build());
        all.forEach(o -> kubernetes
                .resource(o)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("cistern")
                        .withForce(true)
                        .build()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** As when features are accepted: apply, then configure until it is in force. */
    void features(Feature... on) {
        features = on.length == 0 ? Set.of() : EnumSet.copyOf(List.of(on));
        apply();
        settle();
    }

    /** Only says what is wanted. */
    void want(Feature... on) {
        features = on.length == 0 ? Set.of() : EnumSet.copyOf(List.of(on));
        apply();
    }

    /** Runs configure until all is in force and clients are served. */
    void settle() {
        var lastSeen = new AtomicReference<String>();
        var condition = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .conditionEvaluationListener(c -> {
                    if (c.getRemainingTimeInMS() <= 0) {
                        System.err.println("last seen: " + lastSeen.get());
                    }
                });
        condition.until(() -> {
            Configuration now = engine.configure(context());
            if (now instanceof Configuration.Rejected rejected) {
                throw new AssertionError(rejected.message());
            }
            Observation seen = engine.observe(context());
            lastSeen.set(now + ", " + seen);
            return now instanceof Configuration.InForce && seen instanceof Observation.Serving;
        });
    }

    void renew() {
        certificate = issue();
        apply();
    }

    Instance only() {
        return instances().getFirst();
    }

    Session operator() {
        return connections.operator(context(), only());
    }

    Session client() {
        return connections.client(context(), only());
    }

    /**
     * Ends the server at once, without any chance to save. The pod is then replaced, because the kubelet would wait
     * longer and longer before it starts a killed container again.
     */
    void kill() {
        String uid = only().uid();
        signal("KILL");
        kubernetes
                .pods()
                .inNamespace(namespace)
                .withName("orders-0")
                .withGracePeriod(0)
                .delete();
        awaitAnother(uid);
    }

    void signal(String name) {
        exec("kill -%s $(for p in /proc/[0-9]*; do [ \"$(cat $p/comm)\" = redis-server ] && basename $p; done)"
                .formatted(name));
    }

    /** Stops the server as a deleted pod does. */
    void replacePod() {
        String uid = only().uid();
        kubernetes.pods().inNamespace(namespace).withName("orders-0").delete();
        awaitAnother(uid);
    }

    private void awaitAnother(String uid) {
        await().atMost(PATIENCE)
                .until(() -> !instances().isEmpty() && !only().uid().equals(uid) && only().ready());
    }

    String exec(String script) {
        var out = new ByteArrayOutputStream();
        try (ExecWatch watch = kubernetes
                .pods()
                .inNamespace(namespace)
                .withName("orders-0")
                .writingOutput(out)
                .writingError(out)
                .exec("/bin/sh", "-c", script)) {
            watch.exitCode().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(out.toString(StandardCharsets.UTF_8), e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Another size, written but not yet configured. */
    void memory(int mebibytes) {
        var plan = contexts.plan();
        contexts = new Contexts(
                contexts.database(),
                contexts.release(),
                new Plan("other", Set.of(), 1, mebibytes, plan.cpu(), plan.disk(), plan.backups()),
                features);
        apply();
    }

    /** Another version, written but not yet running. */
    void version(String version) {
        var release =
                new Release("redis", Version.parse(version), "docker.io/cistern/redis:" + version, List.of(), false);
        contexts = new Contexts(contexts.database(), release, contexts.plan(), features);
        apply();
    }

    @Override
    public void close() {
        own.close();
        engine.close();
        connections.close();
    }
}

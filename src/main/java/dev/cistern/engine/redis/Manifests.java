package dev.cistern.engine.redis;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Workload;
import dev.cistern.kube.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The objects that run a Redis database. */
final class Manifests {
    // A quarter stays free for what does not count as data: copies of changed pages while a snapshot or a log is
    // written, connections, fragmentation.
    private static final long DATA_PERCENT = 75;
    private static final long MEBIBYTE = 1024L * 1024L;
    // The server writes a last snapshot before it stops; a slow disk does some 50 MiB a second.
    private static final long STOP_SECONDS = 60;
    private static final long STOP_MEBIBYTES_PER_SECOND = 50;

    private Manifests() {}

    static List<HasMetadata> of(EngineContext context) {
        return List.of(files(context), acl(context), service(context), statefulSet(context));
    }

    /** Bytes of data that a plan has room for. */
    static long maxMemory(EngineContext context) {
        return context.plan().memoryMiB() * MEBIBYTE * DATA_PERCENT / 100;
    }

    private static ConfigMap files(EngineContext context) {
        return new ConfigMapBuilder()
                .withMetadata(Workload.metadata(context, Layout.files(context.name())))
                .withData(Map.of(
                        "redis.conf",
                        resource("redis.conf") + Settings.wanted(context).lines(),
                        "start.sh",
                        resource("start.sh"),
                        "health.sh",
                        resource("health.sh")))
                .build();
    }

    private static Secret acl(EngineContext context) {
        byte[] file = Logins.of(context).file().getBytes(StandardCharsets.UTF_8);
        return new SecretBuilder()
                .withMetadata(Workload.metadata(context, Layout.acl(context.name())))
                .withType("Opaque")
                .withData(Map.of(Layout.ACL_FILE, Base64.getEncoder().encodeToString(file)))
                .build();
    }

    private static Service service(EngineContext context) {
        List<ServicePort> ports = new ArrayList<>();
        ports.add(port(Layout.PROFILE.portName(), Layout.TLS_PORT));
        int plain = Settings.wanted(context).plainPort();
        if (plain != 0) {
            ports.add(port("redis", plain));
        }
        return new ServiceBuilder()
                .withMetadata(Workload.metadata(context, context.name()))
                .withNewSpec()
                .withSelector(Labels.selector(context.name()))
                .withPorts(ports)
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withProtocol("TCP")
                .withPort(number)
                .withTargetPort(new IntOrString(number))
                .build();
    }

    private static StatefulSet statefulSet(EngineContext context) {
        List<Volume> volumes = List.of(
                new VolumeBuilder()
                        .withName("files")
                        .withNewConfigMap()
                        .withName(Layout.files(context.name()))
                        .endConfigMap()
                        .build(),
                Workload.secretVolume("acl", Layout.acl(context.name())));
        StatefulSet set =
                Workload.statefulSet(context, Layout.PROFILE, Optional.empty(), List.of(container(context)), volumes);
        set.getSpec()
                .getTemplate()
                .getSpec()
                .setTerminationGracePeriodSeconds(
                        STOP_SECONDS + context.plan().memoryMiB() / STOP_MEBIBYTES_PER_SECOND);
        return set;
    }

    private static Container container(EngineContext context) {
        return new ContainerBuilder()
                .withName("redis")
                .withImage(context.release().image())
                .withArgs("/bin/sh", Layout.FILES_PATH + "/start.sh")
                // With the pod and not in the ConfigMap, so that it can never be more than the pod's own limit.
                .addNewEnv()
                .withName("MAXMEMORY")
                .withValue(Long.toString(maxMemory(context)))
                .endEnv()
                .addNewPort()
                .withName(Layout.PROFILE.portName())
                .withContainerPort(Layout.TLS_PORT)
                .withProtocol("TCP")
                .endPort()
                // It listens before it loads, so this is over at once, and then readiness is asked for at once.
                .withStartupProbe(probe("alive", 1, 60))
                .withReadinessProbe(probe("ready", 5, 3))
                // A server that answers nothing at all for two minutes hangs; one that is loading or busy says so.
                .withLivenessProbe(probe("alive", 20, 6))
                .withResources(Workload.resources(context))
                .withSecurityContext(Workload.restricted())
                .withVolumeMounts(Workload.mounts(
                        Layout.PROFILE,
                        Workload.mount("files", Layout.FILES_PATH, true),
                        Workload.mount("acl", Layout.ACL_PATH, true)))
                .build();
    }

    private static Probe probe(String question, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand("/bin/sh", Layout.FILES_PATH + "/health.sh", question)
                .endExec()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .build();
    }

    private static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(Manifests.class.getResourceAsStream("/engine/redis/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

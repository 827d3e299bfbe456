package dev.cistern.engine.postgresql;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Profile;
import dev.cistern.engine.Workload;
import dev.cistern.kube.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pods: Patroni, which starts and watches the server. */
final class PostgresqlPods {
    static final int PORT = 5432;
    static final String PORT_NAME = "postgresql";
    static final int PATRONI_PORT = 8008;
    static final String DATA_PATH = "/var/lib/postgresql/data";
    static final Profile PROFILE = new Profile(PORT, PORT_NAME, DATA_PATH, 999);

    private static final String AUTHORITY_ANNOTATION = "cistern.dev/client-authority";
    private static final String PATRONI_PORT_NAME = "patroni";
    // A shutdown writes a checkpoint, and the key is only given up after it.
    private static final long GRACE_SECONDS = 120;
    private static final int SOCKET_MIB = 16;

    private PostgresqlPods() {}

    static StatefulSet statefulSet(EngineContext context) {
        StatefulSet set = Workload.statefulSet(
                context, PROFILE, Optional.of(context.name()), List.of(container(context)), volumes(context));
        set.getSpec().getTemplate().getSpec().setTerminationGracePeriodSeconds(GRACE_SECONDS);
        // Servers that trust a lost authority would never let the operator in again: they have to start anew.
        set.getSpec()
                .getTemplate()
                .getMetadata()
                .setAnnotations(Map.of(AUTHORITY_ANNOTATION, PeerKeys.fingerprint(context.internal())));
        return set;
    }

    private static Container container(EngineContext context) {
        return new ContainerBuilder()
                .withName("postgresql")
                .withImage(context.release().image())
                .withCommand("/usr/bin/tini", "--", "patroni", PatroniFile.PATH)
                .withSecurityContext(Workload.restricted())
                .withResources(Workload.resources(context))
                .withEnv(
                        field("PATRONI_NAME", "metadata.name"),
                        field("PATRONI_KUBERNETES_POD_IP", "status.podIP"),
                        address(context, "PATRONI_POSTGRESQL_CONNECT_ADDRESS", PORT),
                        address(context, "PATRONI_RESTAPI_CONNECT_ADDRESS", PATRONI_PORT))
                .addNewPort()
                .withName(PORT_NAME)
                .withContainerPort(PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName(PATRONI_PORT_NAME)
                .withContainerPort(PATRONI_PORT)
                .withProtocol("TCP")
                .endPort()
                .withStartupProbe(probe("/liveness", 1, 60, 3))
                .withLivenessProbe(probe("/liveness", 10, 6, 5))
                .withReadinessProbe(probe("/readiness", 2, 3, 3))
                .withVolumeMounts(Workload.mounts(
                        PROFILE,
                        Workload.mount("patroni", PatroniFile.PATH, true),
                        Workload.mount("peer", PatroniFile.PEER_PATH, true),
                        Workload.mount("socket", PatroniFile.SOCKET_PATH, false),
                        Workload.mount("tmp", "/tmp", false),
                        Workload.mount("shm", "/dev/shm", false)))
                .build();
    }

    private static List<Volume> volumes(EngineContext context) {
        return List.of(
                new VolumeBuilder()
                        .withName("patroni")
                        .withNewConfigMap()
                        .withName(PatroniObjects.file(context))
                        .endConfigMap()
                        .build(),
                peer(context),
                Workload.memoryVolume("socket", SOCKET_MIB),
                new VolumeBuilder()
                        .withName("tmp")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .build(),
                // Parallel queries share memory here; the runtime's own is too small. The pod's limit bounds it.
                new VolumeBuilder()
                        .withName("shm")
                        .withNewEmptyDir()
                        .withMedium("Memory")
                        .endEmptyDir()
                        .build());
    }

    // By item, so that the authority's key never reaches a pod.
    private static Volume peer(EngineContext context) {
        Volume volume = Workload.secretVolume("peer", Names.internal(context.name()));
        return new VolumeBuilder(volume)
                .editSecret()
                .addNewItem()
                .withKey(PeerKeys.AUTHORITY_CERTIFICATE)
                .withPath("ca.crt")
                .endItem()
                .addNewItem()
                .withKey(PeerKeys.PEER_CERTIFICATE)
                .withPath("tls.crt")
                .endItem()
                .addNewItem()
                .withKey(PeerKeys.PEER_KEY)
                .withPath("tls.key")
                .endItem()
                .endSecret()
                .build();
    }

    // By DNS name, because both sides verify certificates.
    private static EnvVar address(EngineContext context, String name, int port) {
        String host = "$(PATRONI_NAME)." + Names.pods(context.name()) + "." + context.namespace() + ".svc";
        return new EnvVarBuilder().withName(name).withValue(host + ":" + port).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }

    private static Probe probe(String path, int period, int failures, int timeout) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(PATRONI_PORT_NAME)
                .withScheme("HTTPS")
                .endHttpGet()
                .withPeriodSeconds(period)
                .withFailureThreshold(failures)
                .withTimeoutSeconds(timeout)
                .build();
    }
}

package dev.cistern.engine;

import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pods of a database as every engine wants them: restricted, spread over nodes, one volume each, replaced only when
 * the operator deletes them. An engine adds its container and volumes.
 */
public final class Workload {
    /** Where the server certificate is mounted: {@code tls.crt}, {@code tls.key} and {@code ca.crt}. */
    public static final String TLS_PATH = "/etc/cistern/tls";

    private static final int SECRET_MODE = 0440;

    private Workload() {}

    /** Metadata of an object of this database. */
    public static ObjectMeta metadata(EngineContext context, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(context.namespace())
                .withLabels(context.labels())
                .build();
    }

    /**
     * The StatefulSet.
     *
     * @param serviceAccount the pods' account; empty for engines whose pods never speak to the API server
     */
    public static StatefulSet statefulSet(
            EngineContext context,
            Profile profile,
            Optional<String> serviceAccount,
            List<Container> containers,
            List<Volume> volumes) {
        Map<String, String> selector = Labels.selector(context.name());
        ObjectMeta meta = metadata(context, context.name());
        meta.getLabels().put(Labels.VERSION, context.release().version().readable());
        meta.getLabels().put(Labels.PLAN, context.plan().name());
        List<Volume> all = new ArrayList<>(volumes);
        all.add(secretVolume("tls", Names.tls(context.name())));
        return new StatefulSetBuilder()
                .withMetadata(meta)
                .withNewSpec()
                .withServiceName(Names.pods(context.name()))
                .withReplicas(context.replicas())
                .withPodManagementPolicy("Parallel")
                // The operator picks the order: replicas first, the primary last, after a hand-over.
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                // Scaling to 0 (suspend, restore) must never cost the data.
                .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
                .withNewSelector()
                .withMatchLabels(selector)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(context.labels())
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(serviceAccount.orElse("default"))
                .withAutomountServiceAccountToken(serviceAccount.isPresent())
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(60L)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(profile.uid())
                .withRunAsGroup(profile.uid())
                .withFsGroup(profile.uid())
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(selector)
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .withContainers(containers)
                .withVolumes(all)
                .endSpec()
                .endTemplate()
                .withVolumeClaimTemplates(claim(context))
                .endSpec()
                .build();
    }

    private static PersistentVolumeClaim claim(EngineContext context) {
        var claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data")
                .withLabels(context.labels())
                .addToLabels(Labels.VERSION, context.release().version().readable())
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", storage(context))
                .endResources()
                .endSpec()
                .build();
        if (context.spec().storage() != null && context.spec().storage().className() != null) {
            claim.getSpec().setStorageClassName(context.spec().storage().className());
        }
        return claim;
    }

    /** Capacity of each node's volume: what the user wants, else what the plan gives. */
    public static Quantity storage(EngineContext context) {
        return Optional.ofNullable(context.spec().storage())
                .flatMap(s -> Optional.ofNullable(s.size()))
                .orElse(context.plan().disk());
    }

    /** Requests and limits of the plan; memory is both, so that a node never overbooks it. */
    public static ResourceRequirements resources(EngineContext context) {
        Quantity memory = new Quantity(context.plan().memoryMiB() + "Mi");
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", context.plan().cpu())
                .addToRequests("memory", memory)
                .addToLimits("memory", memory)
                .build();
    }

    /** What Pod Security "restricted" asks of a container, and a read-only root. */
    public static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    /** A volume from a Secret, readable by the pod's group only. */
    public static Volume secretVolume(String name, String secret) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(SECRET_MODE)
                .endSecret()
                .build();
    }

    /** A small volume in memory. */
    public static Volume memoryVolume(String name, int mebibytes) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity(mebibytes + "Mi"))
                .endEmptyDir()
                .build();
    }

    /** Mounts of the server certificate and the data. */
    public static List<VolumeMount> mounts(Profile profile, VolumeMount... more) {
        List<VolumeMount> mounts =
                new ArrayList<>(List.of(mount("data", profile.dataPath(), false), mount("tls", TLS_PATH, true)));
        mounts.addAll(List.of(more));
        return mounts;
    }

    public static VolumeMount mount(String volume, String path, boolean readOnly) {
        var mount = new VolumeMountBuilder().withName(volume).withMountPath(path);
        // The API server drops "false", and writing it would be a difference for ever.
        return readOnly ? mount.withReadOnly(true).build() : mount.build();
    }
}

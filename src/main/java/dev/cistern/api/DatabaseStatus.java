package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a {@link Database}. All of it can be computed again from the cluster.
 *
 * @param phase one word for what it is doing
 * @param version what runs
 * @param plan the plan whose settings are in force
 * @param instances its nodes
 * @param features its switches
 * @param endpoint where clients connect
 * @param binding the connection Secret
 * @param storage volume capacity in force
 * @param recoveryWindow to which times it can be put back
 * @param currentAction name of the long action that holds it
 * @param conditions Ready, Progressing, Degraded
 * @param observedGeneration the spec that all of this is about
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseStatus(
        @JsonPropertyDescription("One word: creating, running, updating, upgrading, migrating or stopped.") @Nullable
        Phase phase,

        @JsonPropertyDescription("The version that runs, and the one it could be upgraded to.") @Nullable
        VersionStatus version,

        @JsonPropertyDescription("The plan whose settings are in force on every instance.") @Nullable
        String plan,

        @JsonPropertyDescription("The nodes of this database.") @Nullable
        List<InstanceStatus> instances,

        @JsonPropertyDescription("The features that are on or changing.") @Nullable
        List<FeatureState> features,

        @JsonPropertyDescription("Where clients connect.") @Nullable
        Endpoint endpoint,

        @JsonPropertyDescription(
                "Secret with everything that a client needs to connect, by the Service Binding specification.")
        @Nullable
        ObjectRef binding,

        @JsonPropertyDescription("Capacity of each node's volume.") @Nullable
        String storage,

        @JsonPropertyDescription("Times to which the database can be put back.") @Nullable
        RecoveryWindow recoveryWindow,

        @JsonPropertyDescription("Name of the DatabaseAction that is working on this database.") @Nullable
        String currentAction,

        @JsonPropertyDescription("Ready, Progressing and Degraded, each with a reason and a message.") @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Generation of the spec that this status is about.") @Nullable
        Long observedGeneration) {

    /** A status that knows nothing. */
    public static DatabaseStatus empty() {
        return new DatabaseStatus(null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /**
     * The version that runs.
     *
     * @param id catalogue id, such as {@code postgresql/17.12.0-1}
     * @param readable {@code 17.12.0-1}
     * @param next readable form of the version an upgrade would bring; absent on the newest
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record VersionStatus(
            @JsonPropertyDescription("Id of the version in the catalogue.") @Nullable
            String id,

            @JsonPropertyDescription("Version as major.minor.patch-build.") @Nullable
            String readable,

            @JsonPropertyDescription("Version that an upgrade would bring; absent on the newest.") @Nullable
            String next) {}

    /**
     * One node.
     *
     * @param id the pod's UID
     * @param name the pod's name
     * @param hostname its name inside the cluster
     * @param port its port
     * @param type {@code db-node}, {@code gateway} or {@code utility}
     * @param status booting, running, restarting, migrating, upgrading, stopped or removing
     * @param role leader or follower
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record InstanceStatus(
            @JsonPropertyDescription("Unique id of the instance.") @Nullable
            String id,

            @JsonPropertyDescription("Name of its pod.") @Nullable
            String name,

            @JsonPropertyDescription("Name inside the cluster.") @Nullable
            String hostname,

            @JsonPropertyDescription("Port.") @Nullable Integer port,

            @JsonPropertyDescription("db-node, gateway or utility.") @Nullable
            String type,

            @JsonPropertyDescription("booting, running, restarting, migrating, upgrading, stopped or removing.")
            @Nullable
            String status,

            @JsonPropertyDescription("leader or follower.") @Nullable
            String role) {}

    /**
     * One switch.
     *
     * @param name the feature
     * @param status where it stands
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record FeatureState(
            @JsonPropertyDescription("Name of the feature.") @Nullable
            Feature name,

            @JsonPropertyDescription("PENDING_TO_ACTIVATE, PENDING_TO_REMOVE, ACTIVATED or FAILED.") @Nullable
            FeatureStatus status) {}

    /**
     * Where clients connect.
     *
     * @param host name inside the cluster
     * @param port its port
     * @param publicHost name or address outside the cluster, when publicly-available is on
     * @param publicPort port outside the cluster
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Endpoint(
            @JsonPropertyDescription("Name inside the cluster.") @Nullable
            String host,

            @JsonPropertyDescription("Port inside the cluster.") @Nullable
            Integer port,

            @JsonPropertyDescription("Name or address outside the cluster.") @Nullable
            String publicHost,

            @JsonPropertyDescription("Port outside the cluster.") @Nullable
            Integer publicPort) {}

    /**
     * The times to which the database can be put back, RFC 3339.
     *
     * @param earliest the first
     * @param latest the last
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RecoveryWindow(
            @JsonPropertyDescription("Earliest time, RFC 3339.") @Nullable
            String earliest,

            @JsonPropertyDescription("Latest time, RFC 3339.") @Nullable
            String latest) {}
}

package dev.cistern.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A Database as REST shows it. Clients decode dates and numbers strictly: what is not known is null, never an empty
 * string.
 *
 * @param id 24 hex digits
 * @param resourceId the name for people
 * @param appName the application it belongs to
 * @param createdAt RFC 3339
 * @param encryptionAtRest whether Cistern encrypts the volume; it leaves that to the StorageClass
 * @param features those on, on their way, or failed
 * @param plan name of the plan
 * @param status one word
 * @param typeId id of the engine
 * @param typeName the engine
 * @param versionId id of the version; null until one runs
 * @param nextVersionId id of the version that an upgrade would bring
 * @param instances the nodes
 * @param readableVersion major.minor.patch-build
 * @param hostname where clients connect, host:port
 * @param currentOperationId what is working on it
 * @param cluster whether more than one node holds the data
 * @param periodicBackupsEnabled whether backups are taken by themselves
 * @param periodicBackupsScheduledAt at which hours, always a list
 * @param maintenanceWindow when planned work may interrupt
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@Schema(name = "Database")
public record DatabaseBody(
        String id,
        String resourceId,
        String appName,
        String createdAt,
        boolean encryptionAtRest,
        List<FeatureBody> features,
        String plan,
        String status,
        String typeId,
        String typeName,
        @Nullable String versionId,
        @Nullable String nextVersionId,
        List<InstanceBody> instances,
        @Nullable String readableVersion,
        @Nullable String hostname,
        @Nullable String currentOperationId,
        boolean cluster,
        boolean periodicBackupsEnabled,
        List<Integer> periodicBackupsScheduledAt,
        WindowBody maintenanceWindow) {

    /** The wrapper that the contract puts around it. */
    @Schema(name = "DatabaseAnswer")
    public record Wrapped(DatabaseBody database) {}

    /**
     * A feature.
     *
     * @param name which
     * @param status PENDING_TO_ACTIVATE, PENDING_TO_REMOVE, ACTIVATED or FAILED
     */
    @Schema(name = "Feature")
    public record FeatureBody(String name, String status) {}

    /**
     * A node.
     *
     * @param id unique
     * @param hostname name inside the cluster
     * @param port its port
     * @param status one word
     * @param type db-node, gateway or utility
     */
    @Schema(name = "Instance")
    public record InstanceBody(
            @Nullable String id,
            @Nullable String hostname,
            @Nullable Integer port,
            @Nullable String status,
            @Nullable String type) {}

    /**
     * A maintenance window.
     *
     * @param weekdayUtc 0 is Sunday
     * @param startingHourUtc 0 to 23
     * @param durationInHour always the same
     */
    @Schema(name = "MaintenanceWindow")
    public record WindowBody(
            @JsonProperty("weekday_utc") int weekdayUtc,
            @JsonProperty("starting_hour_utc") int startingHourUtc,
            @JsonProperty("duration_in_hour") int durationInHour) {}
}

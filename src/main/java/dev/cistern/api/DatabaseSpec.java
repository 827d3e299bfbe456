package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What the user wants of a database. Controllers never write it.
 *
 * @param engine the database engine; immutable
 * @param version {@code 17}, {@code 17.12} or {@code 17.12.0-1}; absent: the engine's default at creation, then pinned
 * @param plan name of a plan of the catalogue
 * @param storage volume size and class
 * @param periodicBackups when backups are taken
 * @param maintenanceWindow when planned work may interrupt
 * @param deletionPolicy what deletion does to the data
 * @param deletionProtection whether deletion is refused
 * @param suspended whether the database is stopped
 * @param appName the application it belongs to, as REST shows it
 * @param source where the first data comes from
 * @param backupStore a bucket of its own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.engine == oldSelf.engine",
        message = "engine is immutable: create another Database and copy the data",
        fieldPath = ".engine")
@ValidationRule(
        value = "has(self.source) == has(oldSelf.source) && (!has(self.source) || self.source == oldSelf.source)",
        message = "source is immutable: it only says where the first data came from")
@ValidationRule(
        value = "(has(self.storage) && has(self.storage.className) ? self.storage.className : '')"
                + " == (has(oldSelf.storage) && has(oldSelf.storage.className) ? oldSelf.storage.className : '')",
        message = "storage.className is immutable: restore a backup into a Database of the other class")
public record DatabaseSpec(
        @JsonPropertyDescription("Database engine. Immutable.") @Required
        EngineType engine,

        @JsonPropertyDescription(
                "Version to run: 17 (newest 17 at creation, then pinned), 17.12 or 17.12.0-1. Absent: the engine's default version at creation, then pinned.")
        @Size(min = 1, max = 32)
        @Pattern("^[0-9]{1,4}(\\.[0-9]{1,4}(\\.[0-9]{1,4}(-[0-9]{1,4})?)?)?$")
        @Nullable
        String version,

        @JsonPropertyDescription(
                "Plan of the catalogue, such as starter-512: it sets cpu, memory, disk, the number of instances and how many backups are kept.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        String plan,

        @JsonPropertyDescription("Volume of each node. Absent: size of the plan, default StorageClass.") @Nullable
        Storage storage,

        @JsonPropertyDescription("When backups are taken by themselves. Absent: every day at 01:00 UTC.")
        PeriodicBackups periodicBackups,

        @JsonPropertyDescription(
                "Start of the 8 hours a week in which planned work may interrupt the database. Absent: Tuesday 21:00 UTC.")
        MaintenanceWindow maintenanceWindow,

        @JsonPropertyDescription(
                "What deletion does to volumes, credentials and backups. Retain: they stay, and a Database of the same name and engine takes them over. Delete: they are removed.")
        @Default("Retain")
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription("While true, requests to delete this Database are refused at admission.")
        @Default("false")
        Boolean deletionProtection,

        @JsonPropertyDescription("While true the database is stopped; data, addresses and credentials stay.")
        @Default("false")
        Boolean suspended,

        @JsonPropertyDescription("Application that the database belongs to, shown by REST. Absent: the namespace.")
        @Size(min = 1, max = 63)
        @Nullable
        String appName,

        @JsonPropertyDescription("Where a new Database takes its first data from. Immutable.") @Nullable
        DataSource source,

        @JsonPropertyDescription("S3 bucket for the backups of this Database. Absent: the operator's default store.")
        @Nullable
        BackupStore backupStore) {

    public DatabaseSpec {
        periodicBackups = periodicBackups == null ? PeriodicBackups.defaults() : periodicBackups;
        maintenanceWindow = maintenanceWindow == null ? MaintenanceWindow.defaults() : maintenanceWindow;
        deletionPolicy = deletionPolicy == null ? DeletionPolicy.Retain : deletionPolicy;
        deletionProtection = deletionProtection == null ? Boolean.FALSE : deletionProtection;
        suspended = suspended == null ? Boolean.FALSE : suspended;
    }
}

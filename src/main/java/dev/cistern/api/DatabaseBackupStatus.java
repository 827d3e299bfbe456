package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link DatabaseBackup} stands.
 *
 * @param phase the state
 * @param startedAt RFC 3339
 * @param finishedAt RFC 3339
 * @param sizeBytes bytes in the store
 * @param location where in the store
 * @param version version of the engine that wrote the data
 * @param tool program and version that took it
 * @param progress how far it has come
 * @param error why it failed
 * @param conditions Complete
 * @param observedGeneration the spec that this is about
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseBackupStatus(
        @JsonPropertyDescription("scheduled, running, done or error.") @Nullable
        BackupPhase phase,

        @JsonPropertyDescription("When it began, RFC 3339.") @Nullable
        String startedAt,

        @JsonPropertyDescription("When it ended, RFC 3339.") @Nullable
        String finishedAt,

        @JsonPropertyDescription("Bytes in the store.") @Nullable
        Long sizeBytes,

        @JsonPropertyDescription("Where in the store it lies.") @Nullable
        String location,

        @JsonPropertyDescription("Version of the engine that wrote the data.") @Nullable
        String version,

        @JsonPropertyDescription("Program and version that took the backup.") @Nullable
        String tool,

        @JsonPropertyDescription("How far it has come.") @Nullable
        String progress,

        @JsonPropertyDescription("Why it failed.") @Nullable String error,

        @JsonPropertyDescription("Complete: True at the end, with the reason.") @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Generation of the spec that this status is about.") @Nullable
        Long observedGeneration) {}

package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where a new Database takes its first data from: a backup, or another Database as it was at a point in time.
 *
 * @param backupRef a DatabaseBackup that is done
 * @param databaseRef a Database whose recovery window holds {@code time}
 * @param time RFC 3339; only with {@code databaseRef}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "has(self.backupRef) != has(self.databaseRef)",
        message = "source needs exactly one of backupRef and databaseRef")
@ValidationRule(
        value = "has(self.time) == has(self.databaseRef)",
        message = "source.time goes with databaseRef: name both, or use backupRef")
public record DataSource(
        @JsonPropertyDescription("A finished DatabaseBackup of the same namespace to start from.") @Nullable
        ObjectRef backupRef,

        @JsonPropertyDescription("A Database of the same namespace to copy as it was at the given time.") @Nullable
        DatabaseRef databaseRef,

        @JsonPropertyDescription(
                "The point in time to copy, RFC 3339 such as 2026-01-31T12:00:00Z. Goes with databaseRef.")
        @Size(min = 20, max = 40)
        @Nullable
        String time) {}

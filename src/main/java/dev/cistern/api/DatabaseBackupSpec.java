package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A backup of one Database. Immutable as a whole.
 *
 * @param databaseRef the Database
 * @param method why it is taken
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(value = "self == oldSelf", message = "a DatabaseBackup is taken once: create another one")
public record DatabaseBackupSpec(
        @JsonPropertyDescription("The Database, in the same namespace.") @Required
        DatabaseRef databaseRef,

        @JsonPropertyDescription("manual or periodic.") @Default("manual")
        BackupMethod method) {

    public DatabaseBackupSpec {
        method = method == null ? BackupMethod.MANUAL : method;
    }
}

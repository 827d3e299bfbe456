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
 * A login of its own beside the default one.
 *
 * @param databaseRef the Database; immutable
 * @param username its name; immutable
 * @param readOnly whether it may only read
 * @param passwordSecretRef Secret with the key {@code password}; generated when absent
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.databaseRef == oldSelf.databaseRef",
        message = "databaseRef is immutable: create another DatabaseUser",
        fieldPath = ".databaseRef")
@ValidationRule(
        value = "self.username == oldSelf.username",
        message = "username is immutable: create another DatabaseUser",
        fieldPath = ".username")
public record DatabaseUserSpec(
        @JsonPropertyDescription("The Database, in the same namespace. Immutable.") @Required
        DatabaseRef databaseRef,

        @JsonPropertyDescription(
                "Login name: 6 to 32 lower-case letters, digits, - and _, starting with a letter. Immutable.")
        @Required
        @Size(min = 6, max = 32)
        @Pattern("^[a-z][a-z0-9]*([-_][a-z0-9]+)*$")
        String username,

        @JsonPropertyDescription("Whether the user may only read.") @Default("false")
        Boolean readOnly,

        @JsonPropertyDescription(
                "Secret of the same namespace whose key password holds the password. Absent: one is generated into a Secret of its own.")
        @Nullable
        ObjectRef passwordSecretRef) {

    public DatabaseUserSpec {
        readOnly = readOnly == null ? Boolean.FALSE : readOnly;
    }
}

package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link DatabaseUser} stands.
 *
 * @param secret Secret with its credentials
 * @param passwordEncryption how the engine stores the password, where it can tell
 * @param conditions Ready
 * @param observedGeneration the spec that this is about
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseUserStatus(
        @JsonPropertyDescription("Secret with the credentials of this user.") @Nullable
        ObjectRef secret,

        @JsonPropertyDescription("How the engine stores the password, where it can tell.") @Nullable
        String passwordEncryption,

        @JsonPropertyDescription("Ready: True when the user can log in.") @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Generation of the spec that this status is about.") @Nullable
        Long observedGeneration) {}

package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * An S3 bucket of the user's own for the backups of one Database, in place of the operator's default store.
 *
 * @param bucket bucket name
 * @param endpoint host name of the S3 service, with an optional port
 * @param region region to sign for
 * @param pathStyle whether the bucket is part of the path and not of the host name
 * @param credentialsSecretRef Secret with the keys {@code accessKeyId}, {@code secretAccessKey} and optionally
 *     {@code ca.crt}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupStore(
        @JsonPropertyDescription("Name of the bucket.")
        @Required
        @Size(min = 3, max = 63)
        @Pattern("^[a-z0-9][a-z0-9.-]*[a-z0-9]$")
        String bucket,

        @JsonPropertyDescription("Host name of the S3 service, with an optional port. Always spoken to over TLS.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$")
        String endpoint,

        @JsonPropertyDescription("Region that requests are signed for.")
        @Default("us-east-1")
        @Size(min = 1, max = 63)
        @Nullable
        String region,

        @JsonPropertyDescription("Whether the bucket goes into the path instead of the host name.")
        @Default("false")
        @Nullable
        Boolean pathStyle,

        @JsonPropertyDescription(
                "Secret of the same namespace with accessKeyId, secretAccessKey and, for a private CA, ca.crt.")
        @Required
        ObjectRef credentialsSecretRef) {}

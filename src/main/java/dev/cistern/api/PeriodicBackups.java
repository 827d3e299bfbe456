package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * When backups are taken by themselves.
 *
 * @param enabled whether they are
 * @param scheduledAt hours of the day in UTC, 0 to 23
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!has(self.scheduledAt) || self.scheduledAt.all(h, self.scheduledAt.exists_one(o, o == h))",
        message = "scheduledAt must not name an hour twice",
        fieldPath = ".scheduledAt")
public record PeriodicBackups(
        @JsonPropertyDescription("Whether backups are taken every day at the hours of scheduledAt.") @Default("true")
        Boolean enabled,

        @JsonPropertyDescription("Hours of the day in UTC (0 to 23) at which a backup starts.") @Size(min = 1, max = 24)
        List<@Min(0) @Max(23) Integer> scheduledAt) {

    /** The hour used when none is given. */
    public static final int DEFAULT_HOUR = 1;

    /** What holds when a Database says nothing. */
    public static PeriodicBackups defaults() {
        return new PeriodicBackups(true, List.of(DEFAULT_HOUR));
    }

    public PeriodicBackups {
        enabled = enabled == null ? Boolean.TRUE : enabled;
        scheduledAt = scheduledAt == null ? List.of(DEFAULT_HOUR) : List.copyOf(scheduledAt);
    }
}

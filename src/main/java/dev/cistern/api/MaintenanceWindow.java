package dev.cistern.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * The hours of the week in which planned work may interrupt the database. The window lasts {@value #DURATION_HOURS}
 * hours.
 *
 * @param weekdayUtc 0 (Sunday) to 6
 * @param startingHourUtc 0 to 23
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MaintenanceWindow(
        @JsonPropertyDescription("Day of the week in UTC on which the window starts: 0 is Sunday, 6 is Saturday.")
        @Min(0)
        @Max(6)
        @Default("2")
        Integer weekdayUtc,

        @JsonPropertyDescription("Hour of the day in UTC at which the window starts, 0 to 23. It lasts 8 hours.")
        @Min(0)
        @Max(23)
        @Default("21")
        Integer startingHourUtc) {

    /** Length of every window in hours; not configurable. */
    public static final int DURATION_HOURS = 8;

    public MaintenanceWindow {
        weekdayUtc = weekdayUtc == null ? Integer.valueOf(2) : weekdayUtc;
        startingHourUtc = startingHourUtc == null ? Integer.valueOf(21) : startingHourUtc;
    }

    /** What holds when a Database says nothing: Tuesday 21:00 UTC. */
    public static MaintenanceWindow defaults() {
        return new MaintenanceWindow(2, 21);
    }
}

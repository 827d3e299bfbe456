package dev.cistern.gateway;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an update may hold, for the documentation; it is read field by field, see {@link DatabaseChange}.
 *
 * @param database the settings to change
 */
@Schema(name = "DatabaseUpdate")
public record UpdateBody(Settings database) {
    /**
     * Settings; what is absent stays.
     *
     * @param periodicBackupsEnabled whether backups are taken by themselves
     * @param periodicBackupsScheduledAt at which hours; one hour alone is understood as well
     * @param maintenanceWindow when planned work may interrupt
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @Schema(name = "DatabaseSettings")
    public record Settings(
            @Nullable Boolean periodicBackupsEnabled,
            @Nullable List<Integer> periodicBackupsScheduledAt,
            @Nullable Window maintenanceWindow) {}

    /**
     * A maintenance window, or half of it.
     *
     * @param weekdayUtc 0 (Sunday) to 6
     * @param startingHourUtc 0 to 23
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @Schema(name = "MaintenanceWindowUpdate")
    public record Window(
            @Nullable Integer weekdayUtc, @Nullable Integer startingHourUtc) {}
}

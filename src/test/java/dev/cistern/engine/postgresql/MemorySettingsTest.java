package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySettingsTest {
    @Test
    void followsThePlan() {
        assertThat(MemorySettings.of(1024, 10_240))
                .containsEntry("max_connections", 70)
                .containsEntry("shared_buffers", "256MB")
                .containsEntry("effective_cache_size", "768MB")
                .containsEntry("work_mem", "3744kB")
                .containsEntry("maintenance_work_mem", "64MB")
                .containsEntry("max_wal_size", "1024MB")
                .containsEntry("min_wal_size", "256MB")
                .containsEntry("max_slot_wal_keep_size", "2560MB");
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512, 1024, 4096, 16_384, 131_072})
    void neverPromisesMoreThanThereIs(int memory) {
        Map<String, Object> settings = MemorySettings.of(memory, 1024);
        long connections = number(settings.get("max_connections"));
        long buffers = number(settings.get("shared_buffers"));
        long sorts = connections * number(settings.get("work_mem")) / 1024;
        assertThat(buffers + sorts).isLessThanOrEqualTo(memory * 6L / 10);
        assertThat(connections).isBetween(40L, 1010L);
    }

    @ParameterizedTest
    @ValueSource(longs = {512, 1024, 10_240, 1_048_576})
    void walLeavesRoomOnTheDisk(long disk) {
        Map<String, Object> settings = MemorySettings.of(512, disk);
        assertThat(number(settings.get("max_wal_size"))).isLessThanOrEqualTo(disk / 4);
        assertThat(number(settings.get("max_slot_wal_keep_size"))).isLessThanOrEqualTo(disk / 2);
        // The server does not start with less than two segments.
        assertThat(number(settings.get("min_wal_size"))).isGreaterThanOrEqualTo(32L);
    }

    private static Long number(@org.jspecify.annotations.Nullable Object setting) {
        return Long.valueOf(String.valueOf(setting).replaceAll("[a-zA-Z]+", ""));
    }
}

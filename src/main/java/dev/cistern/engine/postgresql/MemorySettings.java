package dev.cistern.engine.postgresql;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Workload;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** The server settings that follow from the plan's memory and the size of the volume. */
final class MemorySettings {
    private static final int CONNECTIONS_PER_GIB = 60;
    private static final int LEAST_CONNECTIONS = 30;
    private static final int MOST_CONNECTIONS = 1000;
    // For Patroni, replicas and the operator, on top of what users get.
    private static final int OWN_CONNECTIONS = 10;
    private static final int MIB_PER_GIB = 1024;
    private static final int KIB_PER_MIB = 1024;
    private static final long LEAST_WAL_MIB = 128;
    private static final long MOST_WAL_MIB = 16_384;

    private MemorySettings() {}

    static Map<String, Object> of(EngineContext context) {
        return of(context.plan().memoryMiB(), mebibytes(Workload.storage(context)));
    }

    /**
     * The settings.
     *
     * @param memory memory of an instance in MiB
     * @param disk volume of an instance in MiB
     */
    static Map<String, Object> of(int memory, long disk) {
        int connections =
                Math.clamp((long) memory * CONNECTIONS_PER_GIB / MIB_PER_GIB, LEAST_CONNECTIONS, MOST_CONNECTIONS)
                        + OWN_CONNECTIONS;
        // A quarter for sorts if every connection does one; the rest is for processes and the page cache.
        int workKib = Math.max(1024, memory * KIB_PER_MIB / 4 / connections);
        // Bounded by the disk, so that WAL that nobody fetches cannot fill it.
        long wal = Math.clamp(disk / 10, LEAST_WAL_MIB, MOST_WAL_MIB);
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("max_connections", connections);
        settings.put("shared_buffers", Math.max(32, memory / 4) + "MB");
        settings.put("effective_cache_size", Math.max(64, memory * 3 / 4) + "MB");
        settings.put("work_mem", workKib + "kB");
        settings.put("maintenance_work_mem", Math.clamp(memory / 16, 16, 2048) + "MB");
        settings.put("max_wal_size", wal + "MB");
        settings.put("min_wal_size", Math.max(32, wal / 4) + "MB");
        settings.put("max_slot_wal_keep_size", Math.max(LEAST_WAL_MIB, disk / 4) + "MB");
        return settings;
    }

    private static long mebibytes(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity)
                .divideToIntegralValue(BigDecimal.valueOf((long) MIB_PER_GIB * MIB_PER_GIB))
                .longValue();
    }
}

package dev.cistern.engine.redis;

import java.util.Map;

/**
 * What a running server says of itself.
 *
 * @param live its settings
 * @param maxMemory bytes its data may take
 * @param marks what the operator noted
 * @param persistence how its files are
 */
record ServerState(Settings live, long maxMemory, Marks marks, Persistence persistence) {

    /**
     * The part of INFO that changes depend on.
     *
     * @param loading whether data is still being read
     * @param aofBusy whether an AOF is being written anew; while it is, a first one is not there yet
     * @param aofOk whether appending worked the last time
     * @param snapshotBusy whether a snapshot is being written
     * @param snapshotOk whether the last snapshot worked
     * @param snapshots how many were written since the start
     * @param snapshotAge seconds since the last one
     */
    record Persistence(
            boolean loading,
            boolean aofBusy,
            boolean aofOk,
            boolean snapshotBusy,
            boolean snapshotOk,
            long snapshots,
            long snapshotAge) {

        /**
         * Reads INFO persistence.
         *
         * @param now the server's clock, seconds
         */
        static Persistence of(Map<String, String> info, long now) {
            return new Persistence(
                    flag(info, "loading"),
                    flag(info, "aof_rewrite_in_progress") || flag(info, "aof_rewrite_scheduled"),
                    "ok".equals(info.get("aof_last_write_status")),
                    flag(info, "rdb_bgsave_in_progress"),
                    "ok".equals(info.get("rdb_last_bgsave_status")),
                    number(info, "rdb_saves"),
                    now - number(info, "rdb_last_save_time"));
        }

        private static boolean flag(Map<String, String> info, String name) {
            return "1".equals(info.get(name));
        }

        private static long number(Map<String, String> info, String name) {
            return Long.parseLong(info.getOrDefault(name, "0"));
        }
    }

    /** Whether the settings in force are also those of the next start. */
    boolean durable() {
        return marks.tellOf(live);
    }
}

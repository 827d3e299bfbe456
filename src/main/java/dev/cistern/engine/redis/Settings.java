package dev.cistern.engine.redis;

import dev.cistern.api.Feature;
import dev.cistern.engine.EngineContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is changed live and kept on the volume.
 *
 * @param save save points as CONFIG GET shows them; empty: no snapshots
 * @param aof whether every write is appended to a log
 * @param plainPort port for plaintext, 0 for none
 * @param policy what happens when memory is full
 */
record Settings(String save, boolean aof, int plainPort, String policy) {
    /** After 15 minutes with one change, 5 minutes with 10, or one minute with 10 000. */
    static final String SAVE_POINTS = "900 1 300 10 60 10000";

    static final String EVICT = "allkeys-lru";
    static final String REFUSE = "noeviction";
    /** Names for CONFIG GET. */
    static final String[] NAMES = {"save", "appendonly", "port", "maxmemory-policy"};

    /** What the accepted features ask for. Persistence and eviction are independent switches. */
    static Settings wanted(EngineContext context) {
        return new Settings(
                context.on(Feature.REDIS_RDB) ? SAVE_POINTS : "",
                context.on(Feature.REDIS_AOF),
                context.on(Feature.FORCE_SSL) ? 0 : Layout.PLAIN_PORT,
                context.on(Feature.REDIS_CACHE) ? EVICT : REFUSE);
    }

    /** Reads the answer to CONFIG GET. */
    static Settings of(Map<String, String> config) {
        return new Settings(
                config.getOrDefault("save", ""),
                "yes".equals(config.get("appendonly")),
                Integer.parseInt(config.getOrDefault("port", "0")),
                config.getOrDefault("maxmemory-policy", ""));
    }

    boolean rdb() {
        return !save.isEmpty();
    }

    boolean tlsOnly() {
        return plainPort == 0;
    }

    boolean evicts() {
        return EVICT.equals(policy);
    }

    /** As CONFIG SET takes them. */
    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("save", save);
        values.put("appendonly", aof ? "yes" : "no");
        values.put("port", Integer.toString(plainPort));
        values.put("maxmemory-policy", policy);
        return values;
    }

    /** What has to be set to come here from there. */
    Map<String, String> changesFrom(Settings there) {
        Map<String, String> changes = new TreeMap<>(values());
        changes.entrySet().removeAll(there.values().entrySet());
        return changes;
    }

    /** As lines of a configuration file. */
    String lines() {
        return values().entrySet().stream()
                .map(e -> e.getKey() + " " + (e.getValue().isEmpty() ? "\"\"" : e.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /** Short name of exactly these settings. */
    String fingerprint() {
        return Hashes.brief(lines());
    }
}

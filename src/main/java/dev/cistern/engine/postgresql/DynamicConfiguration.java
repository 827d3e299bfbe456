package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.api.Feature;
import dev.cistern.engine.EngineContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Patroni's dynamic configuration: it lives in Patroni's store, reaches every instance within seconds, and survives the
 * operator. One member of it, {@link #GENERATION}, names the whole, so that each instance can be asked what it runs.
 */
final class DynamicConfiguration {
    /** Setting that holds a hash of all the others. */
    static final String GENERATION = "cistern.generation";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int GENERATION_DIGITS = 16;
    private static final String POSTGRESQL = "postgresql";
    private static final String PARAMETERS = "parameters";
    // The first release with a role that may use connections kept apart.
    private static final int RESERVED_CONNECTIONS_SINCE = 16;

    private DynamicConfiguration() {}

    /**
     * What ought to be in force.
     *
     * @param statements whether statistics of statements are collected
     */
    static ObjectNode wanted(EngineContext context, boolean statements) {
        ObjectNode wanted = MAPPER.createObjectNode()
                .put("ttl", 30)
                .put("loop_wait", 10)
                .put("retry_timeout", 10)
                .put("maximum_lag_on_failover", 1_048_576)
                // Without it, an API server that is away for longer than a blink stops all writes.
                .put("failsafe_mode", true)
                // The slot of a removed instance holds WAL back; the default of 30 minutes can fill a small disk.
                .put("member_slots_ttl", "5min");
        ObjectNode postgresql = wanted.putObject(POSTGRESQL)
                .put("use_pg_rewind", true)
                .put("use_slots", true)
                .put("remove_data_directory_on_rewind_failure", true)
                .put("remove_data_directory_on_diverged_timelines", true);
        postgresql.set(PARAMETERS, MAPPER.valueToTree(parameters(context, statements)));
        postgresql.set("pg_hba", MAPPER.valueToTree(HostRules.access(context.on(Feature.FORCE_SSL))));
        postgresql.set("pg_ident", MAPPER.valueToTree(HostRules.identities()));
        String generation = hash(wanted.toString());
        ((ObjectNode) postgresql.get(PARAMETERS)).put(GENERATION, generation);
        return wanted;
    }

    /** The hash that names a configuration. */
    static String generation(JsonNode wanted) {
        return wanted.path(POSTGRESQL).path(PARAMETERS).path(GENERATION).asText();
    }

    /** How many connections it allows. */
    static int connections(JsonNode wanted) {
        return wanted.path(POSTGRESQL).path(PARAMETERS).path("max_connections").asInt();
    }

    /**
     * What to send so that {@code live} becomes {@code wanted}, as a JSON merge patch; empty when it already is. Keys
     * that we never set, such as Patroni's pause switch, stay as they are, but server parameters are ours alone.
     */
    static Optional<ObjectNode> patch(JsonNode live, ObjectNode wanted) {
        ObjectNode patch = difference(live, wanted);
        JsonNode parameters = wanted.path(POSTGRESQL).path(PARAMETERS);
        live.path(POSTGRESQL).path(PARAMETERS).fieldNames().forEachRemaining(name -> {
            if (!parameters.has(name)) {
                patch.withObjectProperty(POSTGRESQL)
                        .withObjectProperty(PARAMETERS)
                        .putNull(name);
            }
        });
        return patch.isEmpty() ? Optional.empty() : Optional.of(patch);
    }

    private static ObjectNode difference(JsonNode live, ObjectNode wanted) {
        ObjectNode patch = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> entry : wanted.properties()) {
            JsonNode there = live.path(entry.getKey());
            if (entry.getValue() instanceof ObjectNode object && there.isObject()) {
                ObjectNode inner = difference(there, object);
                if (!inner.isEmpty()) {
                    patch.set(entry.getKey(), inner);
                }
            } else if (!entry.getValue().equals(there)) {
                patch.set(entry.getKey(), entry.getValue());
            }
        }
        return patch;
    }

    private static Map<String, Object> parameters(EngineContext context, boolean statements) {
        Map<String, Object> parameters = new LinkedHashMap<>(MemorySettings.of(context));
        if (context.release().version().major() >= RESERVED_CONNECTIONS_SINCE) {
            parameters.put("reserved_connections", 4);
        }
        parameters.put("wal_level", "replica");
        // Switching the archive on needs a restart, naming its command does not.
        parameters.put("archive_mode", "on");
        parameters.put("archive_command", "/bin/true");
        parameters.put("password_encryption", "scram-sha-256");
        parameters.put("ssl_min_protocol_version", "TLSv1.2");
        parameters.put("shared_preload_libraries", "pg_stat_statements");
        parameters.put("pg_stat_statements.track", statements ? "top" : "none");
        parameters.put("timezone", "UTC");
        parameters.put("log_timezone", "UTC");
        return parameters;
    }

    /** The first digits of a hash. */
    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, GENERATION_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.engine.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Restarts the servers that need it for a setting, one at a time, in the order in which replicas can follow. */
final class Restarts {
    /** An empty JSON object. */
    static final ObjectNode NOTHING = new ObjectMapper().createObjectNode();

    private static final ObjectNode PENDING =
            new ObjectMapper().createObjectNode().put("restart_pending", true);
    // A replica does not start with less of these than its primary has.
    private static final Set<String> BOUND_TO_PRIMARY = Set.of(
            "max_connections",
            "max_prepared_transactions",
            "max_worker_processes",
            "max_wal_senders",
            "max_locks_per_transaction");

    // The server knows before Patroni does, but not of what Patroni sets on its command line.
    private static final String DUE = """
            select exists (select from pg_catalog.pg_settings
              where pending_restart or (name = 'max_connections' and setting::int <> ?))
            """;

    private Restarts() {}

    /**
     * The next restart, if one is due.
     *
     * @param nodes the primary first
     * @param wanted the configuration, which every one of them has read
     */
    static Optional<Configuration> next(List<Node> nodes, ObjectNode wanted) throws InstanceException {
        List<Node> pending = new ArrayList<>();
        boolean shrinks = false;
        boolean due = false;
        for (Node node : nodes) {
            JsonNode state = node.state().json();
            due |= node.truth(DUE, DynamicConfiguration.connections(wanted));
            if (state.path("pending_restart").asBoolean()) {
                pending.add(node);
                shrinks |= shrinks(state.path("pending_restart_reason"));
            }
        }
        if (pending.isEmpty()) {
            return due ? changing("a setting waits for a restart that Patroni has not noticed yet") : Optional.empty();
        }
        Node primary = nodes.getFirst();
        boolean primaryNow = pending.contains(primary) && (shrinks || pending.size() == 1);
        Node next = primaryNow
                ? primary
                : pending.stream().filter(n -> n != primary).findFirst().orElse(primary);
        List<String> behind = Members.of(primary.get("/cluster").json()).notStreaming();
        if (!behind.isEmpty()) {
            return changing("a restart waits: " + String.join(", ", behind));
        }
        Patroni.Reply reply = next.send("POST /restart", PENDING);
        return changing(
                reply.ok()
                        ? next.name() + " has been restarted for a setting"
                        : next.name() + ": Patroni does not restart the server yet (" + reply.status() + ")");
    }

    /** Whether a setting becomes less that replicas must have at least as much of as the primary. */
    static boolean shrinks(JsonNode reasons) {
        for (Map.Entry<String, JsonNode> reason : reasons.properties()) {
            long before = reason.getValue().path("old_value").asLong();
            long after = reason.getValue().path("new_value").asLong();
            if (BOUND_TO_PRIMARY.contains(reason.getKey()) && after < before) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Configuration> changing(String message) {
        return Optional.of(new Configuration.Changing(message, Configurator.RETRY));
    }
}

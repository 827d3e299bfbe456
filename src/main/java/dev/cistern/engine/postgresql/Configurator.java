package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.api.Feature;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings the running instances to what the context says. Each step looks before it acts, so any of them may be the first
 * after a crash, and with nothing to do nothing is written.
 */
final class Configurator {
    static final Duration RETRY = Duration.ofMillis(400);
    // The kubelet brings a changed file within a minute or so; asking more often only costs.
    private static final Duration RETRY_FILE = Duration.ofSeconds(2);

    private static final String STATEMENTS =
            "select exists (select from pg_catalog.pg_extension where extname = 'pg_stat_statements')";
    private static final String GENERATION = "select coalesce(current_setting(?, true), '')";
    private static final String RULE_ERRORS =
            "select line_number || ': ' || error from pg_catalog.pg_hba_file_rules where error is not null";

    private final Sessions sessions;
    private final Patroni patroni;
    private final Logins logins;

    Configurator(Sessions sessions, Patroni patroni) {
        this.sessions = sessions;
        this.patroni = patroni;
        this.logins = new Logins(sessions);
    }

    Configuration configure(EngineContext context) {
        if (context.replicas() == 0) {
            return new Configuration.InForce();
        }
        Optional<Instance> primary = context.primary();
        if (primary.isEmpty()) {
            return changing("waiting for a primary");
        }
        List<Node> nodes = new ArrayList<>();
        try {
            return configure(context, primary.get(), nodes);
        } catch (InstanceException e) {
            return changing(String.valueOf(e.getMessage()));
        } finally {
            nodes.forEach(Node::close);
        }
    }

    private Configuration configure(EngineContext context, Instance primary, List<Node> nodes)
            throws InstanceException {
        Node first = Node.open(context, primary, sessions, patroni);
        nodes.add(first);
        // Whether statements are counted is kept with the data, not in our specification: the action decides it, and a
        // restored or moved database keeps it.
        ObjectNode wanted = DynamicConfiguration.wanted(context, first.truth(STATEMENTS));
        Optional<Configuration> stored = store(first, wanted);
        if (stored.isPresent()) {
            return stored.get();
        }
        logins.ensure(context, first);
        for (Instance instance : context.instances()) {
            if (!instance.name().equals(primary.name())) {
                nodes.add(Node.open(context, instance, sessions, patroni));
            }
        }
        Optional<Configuration> open = applied(nodes, DynamicConfiguration.generation(wanted));
        if (open.isEmpty()) {
            open = Restarts.next(nodes, wanted);
        }
        if (open.isEmpty() && context.on(Feature.FORCE_SSL)) {
            endPlaintext(nodes);
        }
        if (open.isEmpty()) {
            open = certificates(context, nodes);
        }
        return open.orElseGet(Configuration.InForce::new);
    }

    /** Puts the configuration into Patroni's store if it is not there. */
    private static Optional<Configuration> store(Node node, ObjectNode wanted) throws InstanceException {
        Patroni.Reply live = node.get("/config");
        if (!live.ok()) {
            // Data that outlived its Database: Patroni's store is new and empty, and a patch needs something to patch.
            return refused(node, node.send("PUT /config", wanted));
        }
        Optional<ObjectNode> patch = DynamicConfiguration.patch(live.json(), wanted);
        return patch.isEmpty() ? Optional.empty() : refused(node, node.send("PATCH /config", patch.get()));
    }

    private static Optional<Configuration> refused(Node node, Patroni.Reply reply) {
        if (reply.ok()) {
            return Optional.empty();
        }
        String said = node.name() + ": Patroni does not take the configuration (" + reply.status() + ")";
        // Its store may be away for a moment; only a client error stays.
        return Optional.of(reply.clientError() ? new Configuration.Rejected(said) : changing(said));
    }

    private static Optional<Configuration> applied(List<Node> nodes, String generation) throws InstanceException {
        for (Node node : nodes) {
            String there = node.rows(GENERATION, row -> row.getString(1), DynamicConfiguration.GENERATION)
                    .getFirst();
            if (!there.equals(generation)) {
                return Optional.of(changing(node.name() + " does not have the new configuration yet"));
            }
            // A line that cannot be read leaves all the old rules in force, without any error of the reload.
            List<String> errors = node.rows(RULE_ERRORS, row -> row.getString(1));
            if (!errors.isEmpty()) {
                return Optional.of(
                        new Configuration.Rejected(node.name() + ": pg_hba.conf line " + String.join("; ", errors)));
            }
        }
        return Optional.empty();
    }

    private static void endPlaintext(List<Node> nodes) throws InstanceException {
        for (Node node : nodes) {
            node.call(Plaintext.END);
        }
    }

    private static Optional<Configuration> certificates(EngineContext context, List<Node> nodes)
            throws InstanceException {
        Optional<Configuration> open = Optional.empty();
        for (Node node : nodes) {
            boolean server = node.serial().equals(context.tls().serial());
            boolean api = node.state().serial().equals(context.tls().serial());
            if (!server) {
                node.call("select pg_catalog.pg_reload_conf()");
            }
            if (!api) {
                node.send("POST /reload", Restarts.NOTHING);
            }
            if (!server || !api) {
                open = Optional.of(
                        new Configuration.Changing(node.name() + " still shows its former certificate", RETRY_FILE));
            }
        }
        return open;
    }

    private static Configuration changing(String message) {
        return new Configuration.Changing(message, RETRY);
    }
}

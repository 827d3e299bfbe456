package dev.cistern.engine.postgresql;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Observation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks whether clients are served: by doing what they do. */
final class Observer {
    // No server there yet, or one that is starting: nothing to worry about while the instance is not ready.
    private static final Set<String> NOT_UP = Set.of("08001", "08006", "08004", "57P03", "57P01");

    /** Marked, so that it can be left out of the users' statistics: it runs as the default login. */
    private static final String RECOVERY = "select pg_is_in_recovery() " + Statements.OURS;

    private final Sessions sessions;
    private final Patroni patroni;

    Observer(Sessions sessions, Patroni patroni) {
        this.sessions = sessions;
        this.patroni = patroni;
    }

    Observation observe(EngineContext context) {
        if (context.instances().isEmpty()) {
            return new Observation.Absent();
        }
        Optional<Instance> primary = context.primary();
        if (primary.isEmpty()) {
            return withoutPrimary(context.instances());
        }
        return served(context, primary.get()).orElseGet(() -> replicas(context, primary.get()));
    }

    private static Observation withoutPrimary(List<Instance> instances) {
        List<String> names = instances.stream().map(Instance::name).toList();
        return instances.stream().anyMatch(Instance::ready)
                ? new Observation.Degraded("no instance is the primary: " + String.join(", ", names))
                : new Observation.Starting("waiting for a primary among " + String.join(", ", names));
    }

    private Optional<Observation> served(EngineContext context, Instance primary) {
        try (Connection connection = sessions.client(context, primary);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(RECOVERY)) {
            if (row.next() && !row.getBoolean(1)) {
                return Optional.empty();
            }
            return Optional.of(new Observation.Degraded(primary.name() + ": takes no writes yet (in recovery)"));
        } catch (SQLException e) {
            String seen = Sessions.seen(primary, e);
            return Optional.of(
                    !primary.ready() && NOT_UP.contains(String.valueOf(e.getSQLState()))
                            ? new Observation.Starting(seen)
                            : new Observation.Degraded(seen));
        }
    }

    private Observation replicas(EngineContext context, Instance primary) {
        if (context.replicas() <= 1) {
            return new Observation.Serving();
        }
        try {
            Patroni.Reply reply = patroni.get(context, primary, "/cluster");
            if (!reply.ok()) {
                return new Observation.Impaired(primary.name() + ": Patroni answers " + reply.status());
            }
            Members members = Members.of(reply.json());
            List<String> behind = members.notStreaming();
            if (!behind.isEmpty()) {
                return new Observation.Impaired(String.join(", ", behind));
            }
            return members.all().size() < context.replicas()
                    ? new Observation.Impaired(
                            "%d of %d instances run".formatted(members.all().size(), context.replicas()))
                    : new Observation.Serving();
        } catch (IOException e) {
            return new Observation.Impaired(primary.name() + ": Patroni does not answer: " + e.getMessage());
        }
    }
}

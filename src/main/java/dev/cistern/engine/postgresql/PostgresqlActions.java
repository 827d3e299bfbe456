package dev.cistern.engine.postgresql;

import dev.cistern.engine.Action;
import dev.cistern.engine.Action.NoParams;
import dev.cistern.engine.ActionException;
import dev.cistern.engine.ActionResult;
import dev.cistern.engine.Configuration;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Timeouts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The actions, each on the primary. */
final class PostgresqlActions {
    private static final String EXTENSIONS =
            "select extname, 'v' || extversion from pg_catalog.pg_extension order by extname";

    private final Sessions sessions;
    private final Configurator configurator;

    PostgresqlActions(Sessions sessions, Configurator configurator) {
        this.sessions = sessions;
        this.configurator = configurator;
    }

    /**
     * An extension.
     *
     * @param name its name
     * @param version such as {@code v1.0}
     */
    record Extension(String name, String version) {}

    List<Action<?>> all() {
        return List.of(
                new Named<>(
                        "list-extensions",
                        "Lists the extensions of the database and their versions.",
                        NoParams.class,
                        true,
                        (p, context) -> extensions(context)),
                new Named<>(
                        "pg-list-queries",
                        "Lists the running and idle queries of the database's users.",
                        NoParams.class,
                        true,
                        (p, context) -> onPrimary(context, UserQueries::list)),
                new Named<>(
                        "pg-cancel-query",
                        "Asks PostgreSQL to cancel the query of a process.",
                        UserQueries.Pid.class,
                        false,
                        (pid, context) -> onPrimary(context, c -> UserQueries.cancel(c, pid))),
                new Named<>(
                        "pg-terminate-query",
                        "Ends the session of a process, and its query with it.",
                        UserQueries.Pid.class,
                        false,
                        (pid, context) -> onPrimary(context, c -> UserQueries.terminate(c, pid))),
                new Named<>(
                        "pg-stat-statements-enable",
                        "Collects statistics of statements from now on.",
                        NoParams.class,
                        true,
                        (p, context) -> enableStatements(context)),
                new Named<>(
                        "pg-stat-statements-reset",
                        "Forgets the statistics collected so far.",
                        NoParams.class,
                        false,
                        (p, context) -> onPrimary(context, c -> Statements.reset(c, database(context)))),
                new Named<>(
                        "pg-stat-statements-list",
                        "Lists the statistics collected so far, slowest in sum first.",
                        NoParams.class,
                        true,
                        (p, context) -> onPrimary(context, c -> Statements.list(c, database(context)))));
    }

    private ActionResult extensions(EngineContext context) throws SQLException, ActionException {
        try (Connection connection = sessions.operator(context, primary(context), database(context))) {
            return ActionResult.rows(
                    Queries.rows(connection, EXTENSIONS, row -> new Extension(row.getString(1), row.getString(2))));
        }
    }

    // The extension is what configure() looks at, so it comes first: after a crash in between, the setting follows.
    private ActionResult enableStatements(EngineContext context) throws Exception {
        onPrimary(context, c -> {
            Statements.install(c);
            return ActionResult.done();
        });
        long until = System.nanoTime() + Timeouts.CALL.toNanos();
        while (!(configurator.configure(context) instanceof Configuration.InForce) && System.nanoTime() < until) {
            Thread.sleep(Configurator.RETRY);
        }
        return ActionResult.done();
    }

    private ActionResult onPrimary(EngineContext context, Work work) throws SQLException, ActionException {
        try (Connection connection = sessions.operator(context, primary(context))) {
            return work.run(connection);
        }
    }

    private static Instance primary(EngineContext context) throws ActionException {
        return context.primary()
                .orElseThrow(() -> new ActionException("the database has no primary at the moment; try again"));
    }

    private static String database(EngineContext context) {
        return context.credentials().database();
    }

    private interface Work {
        ActionResult run(Connection connection) throws SQLException, ActionException;
    }

    private interface Body<P> {
        ActionResult run(P params, EngineContext context) throws Exception;
    }

    private record Named<P>(String name, String description, Class<P> params, boolean repeatable, Body<P> body)
            implements Action<P> {
        @Override
        public ActionResult run(P given, EngineContext context) throws Exception {
            return body.run(given, context);
        }
    }
}

package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cistern.engine.ActionException;
import dev.cistern.engine.ActionResult;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What the database's users run, and how to stop it. */
final class UserQueries {
    /** Rows of {@code pg_roles} that are users: not the operator's, not Patroni's, no superuser. */
    static final String USERS = """
             r.rolcanlogin and not r.rolsuper and not r.rolreplication
             and r.rolname not in ('cistern', 'replicator', 'rewinder')
            """;

    private static final String LIST = """
            select a.query, coalesce(a.state, 'unknown') state, a.usename, a.pid,
              to_char(coalesce(a.query_start, a.backend_start) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') start,
              (extract(epoch from greatest('0'::interval,
                case when a.state = 'active' then clock_timestamp() else a.state_change end
                - coalesce(a.query_start, a.backend_start))) * 1000000000)::bigint duration
            from pg_catalog.pg_stat_activity a join pg_catalog.pg_roles r on r.oid = a.usesysid
            where a.backend_type = 'client backend' and a.application_name <> 'cistern' and
            """ + USERS + " order by a.query_start nulls last, a.pid";
    private static final String WHOSE = """
            select a.usename from pg_catalog.pg_stat_activity a where a.pid = ?
            """;

    private UserQueries() {}

    /**
     * One session.
     *
     * @param query what it runs or ran last
     * @param state such as {@code active} or {@code idle}
     * @param username its login
     * @param queryStart when the query began, RFC 3339
     * @param pid its process
     * @param queryDuration how long the query runs or ran, in nanoseconds
     */
    record Query(
            String query,
            String state,
            String username,
            @JsonProperty("query_start") String queryStart,
            int pid,
            @JsonProperty("query_duration") long queryDuration) {}

    /**
     * Which session.
     *
     * @param pid its process, as pg-list-queries shows it
     */
    record Pid(@NotNull @Positive Integer pid) {}

    static ActionResult list(Connection connection) throws SQLException {
        List<Query> queries = Queries.rows(
                connection,
                LIST,
                row -> new Query(
                        row.getString("query"),
                        row.getString("state"),
                        row.getString("usename"),
                        row.getString("start"),
                        row.getInt("pid"),
                        row.getLong("duration")));
        return ActionResult.rows(queries);
    }

    static ActionResult cancel(Connection connection, Pid pid) throws SQLException, ActionException {
        return signal(connection, "pg_cancel_backend", pid.pid());
    }

    static ActionResult terminate(Connection connection, Pid pid) throws SQLException, ActionException {
        return signal(connection, "pg_terminate_backend", pid.pid());
    }

    // Check and signal in one statement, so that the process cannot become another's in between.
    private static ActionResult signal(Connection connection, String function, int pid)
            throws SQLException, ActionException {
        String sql = "select pg_catalog." + function + "(a.pid) from pg_catalog.pg_stat_activity a"
                + " join pg_catalog.pg_roles r on r.oid = a.usesysid"
                + " where a.pid = ? and a.backend_type = 'client backend' and " + USERS;
        List<Boolean> signalled = Queries.rows(connection, sql, row -> row.getBoolean(1), pid);
        if (!signalled.isEmpty() && signalled.getFirst()) {
            return ActionResult.done();
        }
        boolean there = !Queries.rows(connection, WHOSE, row -> true, pid).isEmpty();
        throw new ActionException(
                there
                        ? "process " + pid + " is not one of the database's users: it belongs to the server,"
                                + " to replication or to Cistern"
                        : "there is no process " + pid + "; pg-list-queries shows those that run");
    }
}

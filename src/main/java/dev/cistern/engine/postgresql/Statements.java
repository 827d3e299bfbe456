package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cistern.engine.ActionException;
import dev.cistern.engine.ActionResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Statistics of statements. The extension is in the maintenance database, where its view shows those of all databases;
 * its presence is the durable switch that the configuration follows.
 */
final class Statements {
    /** Marks a statement as the operator's. */
    static final String OURS = "/* cistern */";

    // A text can be as long as a client cares to send, and there are up to 5000.
    private static final int LONGEST_TEXT = 8192;
    private static final String PRESENT = "select to_regclass('cistern.pg_stat_statements') is not null";
    private static final String LIST =
            """
            select s.userid::bigint, left(s.query, %d) query, s.calls, s.rows, s.total_exec_time, s.min_exec_time,
              s.max_exec_time, s.mean_exec_time, s.stddev_exec_time
            from cistern.pg_stat_statements s
            join pg_catalog.pg_database d on d.oid = s.dbid
            join pg_catalog.pg_roles r on r.oid = s.userid
            where d.datname = ? and right(s.query, length(?)) <> ? and
            """.formatted(LONGEST_TEXT) + UserQueries.USERS + " order by s.total_exec_time desc, s.queryid";

    private Statements() {}

    /**
     * One statement; times in milliseconds.
     *
     * @param userId who ran it
     * @param query its text, with its constants taken out
     * @param calls how often
     * @param rows rows that it returned or touched, in all
     * @param times how long it took
     */
    record Statement(
            @JsonProperty("user_id") long userId,
            String query,
            long calls,
            long rows,
            @JsonUnwrapped Times times) {}

    /**
     * How long a statement took, in milliseconds.
     *
     * @param total of all calls
     * @param min of the fastest
     * @param max of the slowest
     * @param mean of one
     * @param deviation standard deviation
     */
    record Times(
            @JsonProperty("total_time") double total,
            @JsonProperty("min_time") double min,
            @JsonProperty("max_time") double max,
            @JsonProperty("mean_time") double mean,
            @JsonProperty("std_dev") double deviation) {}

    static void install(Connection connection) throws SQLException {
        Queries.call(connection, "select cistern.enable_statements()");
    }

    static ActionResult reset(Connection connection, String database) throws SQLException, ActionException {
        require(connection);
        Queries.call(connection, "select cistern.reset_statements(?)", database);
        return ActionResult.done();
    }

    static ActionResult list(Connection connection, String database) throws SQLException, ActionException {
        require(connection);
        List<Statement> statements = Queries.rows(
                connection,
                LIST,
                row -> new Statement(
                        row.getLong("userid"),
                        row.getString("query"),
                        row.getLong("calls"),
                        row.getLong("rows"),
                        new Times(
                                row.getDouble("total_exec_time"),
                                row.getDouble("min_exec_time"),
                                row.getDouble("max_exec_time"),
                                row.getDouble("mean_exec_time"),
                                row.getDouble("stddev_exec_time"))),
                database,
                OURS,
                OURS);
        return ActionResult.rows(statements);
    }

    private static void require(Connection connection) throws SQLException, ActionException {
        if (!Queries.truth(connection, PRESENT)) {
            throw new ActionException(
                    "statistics of statements are not collected: run pg-stat-statements-enable first");
        }
    }
}

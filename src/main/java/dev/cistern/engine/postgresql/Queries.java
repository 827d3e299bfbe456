package dev.cistern.engine.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs statements; every value goes by a bind variable. */
final class Queries {
    private Queries() {}

    /** Turns a row into a value. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    static <T> List<T> rows(Connection connection, String sql, RowReader<T> reader, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(reader.read(result));
                }
                return rows;
            }
        }
    }

    /** The one number that the statement selects. */
    static int number(Connection connection, String sql, Object... values) throws SQLException {
        return rows(connection, sql, row -> row.getInt(1), values).getFirst();
    }

    /** The one truth value that the statement selects. */
    static boolean truth(Connection connection, String sql, Object... values) throws SQLException {
        return rows(connection, sql, row -> row.getBoolean(1), values).getFirst();
    }

    /** Selects for the effect only. */
    static void call(Connection connection, String sql, Object... values) throws SQLException {
        rows(connection, sql, row -> true, values);
    }
}

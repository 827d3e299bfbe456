package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import java.io.IOException;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One instance with a session of the operator's, for as long as one look at it takes. */
final class Node implements AutoCloseable {
    private final EngineContext context;
    private final Instance instance;
    private final Patroni patroni;
    private final Connection connection;
    private Patroni.@Nullable Reply state;

    private Node(EngineContext context, Instance instance, Patroni patroni, Connection connection) {
        this.context = context;
        this.instance = instance;
        this.patroni = patroni;
        this.connection = connection;
    }

    static Node open(EngineContext context, Instance instance, Sessions sessions, Patroni patroni)
            throws InstanceException {
        try {
            return new Node(context, instance, patroni, sessions.operator(context, instance));
        } catch (SQLException e) {
            throw new InstanceException(Sessions.seen(instance, e), e);
        }
    }

    Instance instance() {
        return instance;
    }

    String name() {
        return instance.name();
    }

    <T> List<T> rows(String sql, Queries.RowReader<T> reader, Object... values) throws InstanceException {
        try {
            return Queries.rows(connection, sql, reader, values);
        } catch (SQLException e) {
            throw new InstanceException(Sessions.seen(instance, e), e);
        }
    }

    boolean truth(String sql, Object... values) throws InstanceException {
        return rows(sql, row -> row.getBoolean(1), values).getFirst();
    }

    void call(String sql, Object... values) throws InstanceException {
        rows(sql, row -> true, values);
    }

    /** A statement that takes no bind variables. */
    void execute(String sql) throws InstanceException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new InstanceException(Sessions.seen(instance, e), e);
        }
    }

    Patroni.Reply get(String path) throws InstanceException {
        try {
            return patroni.get(context, instance, path);
        } catch (IOException e) {
            throw silent(e);
        }
    }

    /** What Patroni says of the instance; asked once. */
    Patroni.Reply state() throws InstanceException {
        if (state == null) {
            state = get("/patroni");
        }
        return state;
    }

    Patroni.Reply send(String methodAndPath, JsonNode body) throws InstanceException {
        try {
            return patroni.send(context, instance, methodAndPath, body);
        } catch (IOException e) {
            throw silent(e);
        }
    }

    /** Serial number of the certificate that the server shows to clients. */
    BigInteger serial() throws InstanceException {
        try {
            return Wire.serial(context, instance);
        } catch (IOException e) {
            throw new InstanceException(name() + ": no TLS: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The session is gone either way.
        }
    }

    private InstanceException silent(IOException e) {
        return new InstanceException(name() + ": Patroni does not answer: " + e.getMessage(), e);
    }
}

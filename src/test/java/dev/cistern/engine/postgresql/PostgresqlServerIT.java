package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cistern.api.Feature;
import dev.cistern.engine.Action;
import dev.cistern.engine.ActionException;
import dev.cistern.engine.ActionResult;
import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Sighting;
import dev.cistern.kube.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The engine against a real server in its real image; the controller's part is played by {@link Stage}. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresqlServerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Stage stage = new Stage("orders");
    private final Sessions sessions = new Sessions(new OperatorKeys(stage.certificates));

    String version() {
        return "17.12.0-1";
    }

    @BeforeAll
    void start() throws InterruptedException {
        stage.version = version();
        stage.apply();
        stage.serving(PATIENCE);
    }

    @AfterAll
    void stop() {
        stage.close();
    }

    @BeforeEach
    void plain() throws InterruptedException {
        stage.features = Set.of();
        stage.settle(PATIENCE);
    }

    @Test
    void writesNothingWhenAllIsInForce() throws Exception {
        String before = stage.patroniConfiguration();
        String wal = stage.exec("psql", "-U", "postgres", "-Atc", "select pg_current_wal_insert_lsn()");
        for (int i = 0; i < 3; i++) {
            stage.settle(Duration.ZERO);
        }
        assertThat(stage.patroniConfiguration()).isEqualTo(before);
        assertThat(stage.exec("psql", "-U", "postgres", "-Atc", "select pg_current_wal_insert_lsn()"))
                .isEqualTo(wal);
    }

    @Test
    void forceSslEndsPlaintextAndLeavesTls() throws Exception {
        try (Connection plaintext = plaintext();
                Connection tls = client()) {
            assertThat(probe()).isEqualTo(Sighting.State.OFF);
            stage.features = Set.of(Feature.FORCE_SSL);
            stage.settle(PATIENCE);
            assertThat(probe()).isEqualTo(Sighting.State.ON);
            assertThat(plaintext.isValid(2)).isFalse();
            assertThat(tls.isValid(2)).isTrue();
        }
        assertThatThrownBy(this::plaintext)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
        assertThat(stage.exec("psql", "host=127.0.0.1 user=app_user dbname=app_db sslmode=disable", "-c", "select 1"))
                .contains("pg_hba.conf rejects connection");
    }

    @Test
    void theOperatorIsNoSuperuserAndItsFunctionsRefuseOwnLogins() throws Exception {
        try (Connection operator = operator()) {
            assertThat(Queries.truth(
                            operator,
                            "select rolsuper or rolcreaterole or rolbypassrls or rolreplication from pg_roles"
                                    + " where rolname = current_user"))
                    .isFalse();
            for (String own : List.of("postgres", "cistern", "replicator", "rewinder", "pg_monitor")) {
                assertThatThrownBy(
                                () -> Queries.call(operator, "select cistern.set_login(?, ?)", own, "SCRAM-SHA-256$x"))
                        .hasMessageContaining("not a user's");
            }
            assertThatThrownBy(() -> Queries.call(operator, "select cistern.set_login('x', 'clear text')"))
                    .hasMessageContaining("not a SCRAM verifier");
            assertThatThrownBy(() -> Queries.call(operator, "select cistern.give_database('postgres', 'app_user')"))
                    .hasMessageContaining("not a user's");
        }
        try (Connection client = client()) {
            assertThatThrownBy(() -> Queries.call(client, "select * from pg_authid"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void aCertificateOfAnotherDatabaseIsRefused() {
        EngineContext context = stage.context();
        EngineContext other = new EngineContext(
                context.database(),
                context.release(),
                context.plan(),
                context.features(),
                context.credentials(),
                context.tls(),
                PeerKeys.complete(java.util.Map.of(), stage.certificates),
                context.instances());
        assertThatThrownBy(() -> sessions.operator(other, primary())).isInstanceOf(SQLException.class);
    }

    @Test
    void aPasswordThatSomebodyChangedIsSetBack() throws Exception {
        try (Connection client = client()) {
            client.createStatement().execute("alter role app_user password 'something else'");
        }
        assertThatThrownBy(this::client).hasMessageContaining("password authentication failed");
        stage.settle(PATIENCE);
        client().close();
    }

    @Test
    void namesAreQuotedWhateverTheyAre() throws Exception {
        Credentials before = stage.credentials;
        stage.credentials = new Credentials("we\"ird'; --$1", new Secret("pass'word\"; --"), "o'dd \"db\" ?");
        try {
            stage.settle(PATIENCE);
            try (Connection client = client()) {
                assertThat(Queries.truth(
                                client,
                                "select current_user = ? and current_database() = ?",
                                "we\"ird'; --$1",
                                "o'dd \"db\" ?"))
                        .isTrue();
            }
        } finally {
            stage.credentials = before;
        }
    }

    @Test
    void queriesAreListedCancelledAndTerminated() throws Exception {
        try (Connection client = client()) {
            client.setClientInfo("ApplicationName", "shop");
            int pid = Queries.number(client, "select pg_backend_pid()");
            CompletableFuture<Throwable> sleeping = sleep(client);
            await().atMost(PATIENCE).untilAsserted(() -> {
                List<?> queries = (List<?>) run("pg-list-queries").value();
                assertThat(queries).singleElement().isInstanceOfSatisfying(UserQueries.Query.class, q -> {
                    assertThat(q.query()).contains("pg_sleep");
                    assertThat(q.state()).isEqualTo("active");
                    assertThat(q.username()).isEqualTo("app_user");
                    assertThat(q.pid()).isEqualTo(pid);
                    assertThat(q.queryStart()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z");
                    assertThat(q.queryDuration()).isPositive();
                });
            });
            run("pg-cancel-query", new UserQueries.Pid(pid));
            assertThat(sleeping.join()).hasMessageContaining("canceling statement");
            assertThat(client.isValid(2)).isTrue();
            run("pg-terminate-query", new UserQueries.Pid(pid));
            assertThat(client.isValid(2)).isFalse();
            assertThatThrownBy(() -> run("pg-cancel-query", new UserQueries.Pid(pid)))
                    .isInstanceOf(ActionException.class)
                    .hasMessageContaining("there is no process");
        }
    }

    @Test
    void processesThatAreNotAUsersAreLeftAlone() throws Exception {
        try (Connection operator = operator()) {
            int own = Queries.number(operator, "select pg_backend_pid()");
            int checkpointer =
                    Queries.number(operator, "select pid from pg_stat_activity where backend_type = 'checkpointer'");
            int patroni =
                    Queries.number(operator, "select pid from pg_stat_activity where usename = 'postgres' limit 1");
            for (int pid : new int[] {own, checkpointer, patroni}) {
                assertThatThrownBy(() -> run("pg-terminate-query", new UserQueries.Pid(pid)))
                        .isInstanceOf(ActionException.class)
                        .hasMessageContaining("not one of the database's users");
            }
        }
    }

    @Test
    void statementsAreCountedFromTheEnablingOn() throws Exception {
        assertThat((List<?>) run("list-extensions").value())
                .asList()
                .contains(new PostgresqlActions.Extension("plpgsql", "v1.0"));
        run("pg-stat-statements-enable");
        run("pg-stat-statements-enable");
        stage.settle(PATIENCE);
        try (Connection client = client()) {
            for (int i = 0; i < 3; i++) {
                Queries.call(client, "select 'counted', " + i);
            }
        }
        assertThat(statements()).singleElement().satisfies(s -> {
            assertThat(s.query()).isEqualTo("select $1, $2");
            assertThat(s.calls()).isEqualTo(3);
            assertThat(s.rows()).isEqualTo(3);
            assertThat(s.times().total()).isPositive();
        });
        run("pg-stat-statements-reset");
        assertThat(statements()).isEmpty();
    }

    @Test
    void aRenewedCertificateIsServedWithoutARestart() throws Exception {
        try (Connection client = client()) {
            stage.renewServer();
            stage.settle(Duration.ofSeconds(150));
            assertThat(client.isValid(2)).isTrue();
        }
        assertThat(Wire.serial(stage.context(), primary()))
                .isEqualTo(stage.context().tls().serial());
    }

    private static CompletableFuture<Throwable> sleep(Connection client) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                Queries.call(client, "select pg_sleep(4)");
                return new AssertionError("slept to the end");
            } catch (SQLException e) {
                return e;
            }
        });
    }

    @SuppressWarnings("unchecked")
    private List<Statements.Statement> statements() throws Exception {
        return (List<Statements.Statement>)
                java.util.Objects.requireNonNull(run("pg-stat-statements-list").value());
    }

    private ActionResult run(String name) throws Exception {
        return run(name, new Action.NoParams());
    }

    @SuppressWarnings("unchecked")
    private ActionResult run(String name, Object params) throws Exception {
        Action<Object> action = (Action<Object>) stage.engine.actions().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElseThrow();
        return action.run(params, stage.context());
    }

    private Sighting.State probe() {
        return stage.engine.probe(Feature.FORCE_SSL, stage.context()).state();
    }

    private Instance primary() {
        return stage.context().primary().orElseThrow();
    }

    private Connection client() throws SQLException {
        return sessions.client(stage.context(), primary());
    }

    private Connection operator() throws SQLException {
        return sessions.operator(stage.context(), primary());
    }

    private Connection plaintext() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", stage.credentials.username());
        properties.setProperty("password", stage.credentials.password().value());
        properties.setProperty("sslmode", "disable");
        return java.util.Objects.requireNonNull(new org.postgresql.Driver()
                .connect(
                        "jdbc:postgresql://%s:5432/%s"
                                .formatted(primary().address().orElseThrow(), stage.credentials.database()),
                        properties));
    }
}

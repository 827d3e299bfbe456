package dev.cistern.bench;

import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * All figures, on the Cistern that is installed. Nothing is asserted about time: the table says what was measured, beside
 * what and against which target. A method that fails costs its own rows and no others.
 *
 * <p>{@code BENCH_NAMESPACE} (and {@code <it>-idle}) is used in place of new namespaces, for an operator that watches
 * only some; {@code BENCH_SYSTEM} is where that Cistern is; {@code BENCH_IDLE_SECONDS} shortens the idle time.
 */
@Tag("bench")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class CisternBench {
    private final Report report = new Report();
    private Bed bed;
    private Optional<AuditLog> audit = Optional.empty();
    private IdleFigures idle;
    private long began;

    @BeforeAll
    void up() {
        began = System.nanoTime();
        bed = new Bed();
        audit = AuditLog.open("system:serviceaccount:");
        idle = new IdleFigures(bed, audit, report);
    }

    @AfterAll
    void down() {
        audit.ifPresent(AuditLog::close);
        bed.close();
        System.out.printf(
                "%n%s%nin %.0f s; also in target/bench.md%n",
                report.text(), Bed.secondsBetween(began, System.nanoTime()));
    }

    @Test
    @Order(1)
    void databases_that_lie_idle_from_now_on() {
        idle.begin();
    }

    @Test
    @Order(2)
    void creation() {
        new CreationFigures(bed, audit, report).measure();
    }

    @Test
    @Order(3)
    void force_ssl_under_a_writer() {
        new PostgresqlFigures(bed, report).forceSsl();
    }

    @Test
    @Order(4)
    void redis_changes_its_mode() {
        new RedisFigures(bed, report).measure();
    }

    @Test
    @Order(5)
    void gateway() {
        new GatewayFigures(bed, audit, report).measure();
    }

    @Test
    @Order(6)
    void the_api_server_goes_away() {
        new PostgresqlFigures(bed, report).apiServerCut();
    }

    @Test
    @Order(7)
    void idle_databases_cost_nothing() {
        idle.end();
    }

    @Test
    @Order(8)
    void start() {
        new ProcessFigures(bed, report).start();
    }

    @Test
    @Order(9)
    void crashes_of_the_operator() {
        new CrashFigures(bed, audit, report).measure();
    }
}

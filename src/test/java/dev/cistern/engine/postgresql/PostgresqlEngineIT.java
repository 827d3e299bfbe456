package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import dev.cistern.api.EngineType;
import dev.cistern.engine.EngineContractTest;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The contract on real PostgreSQL. */
class PostgresqlEngineIT extends EngineContractTest {
    @Override
    protected EngineType engine() {
        return EngineType.POSTGRESQL;
    }

    /** A default that the API server fills in and we do not would look like a difference for ever. */
    @Test
    @Order(90)
    void nothingLooksDifferentThatIsNot() throws InterruptedException {
        Logger matcher = Logger.getLogger("io.javaoperatorsdk.operator.processing.dependent.kubernetes");
        Differences differences = new Differences();
        matcher.setLevel(Level.FINE);
        matcher.addHandler(differences);
        try {
            client.resources(Database.class)
                    .inNamespace(namespace.name())
                    .withName(NAME)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), """
                            {"spec": {"maintenanceWindow": {"weekdayUtc": 4, "startingHourUtc": 3}}}
                            """);
            Thread.sleep(4000);
        } finally {
            matcher.removeHandler(differences);
            matcher.setLevel(null);
        }
        assertThat(differences.asked).isNotEmpty();
        assertThat(differences.found).isEmpty();
    }

    private static final class Differences extends Handler {
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final List<String> found = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            asked.add(entry.getMessage());
            if (entry.getMessage().startsWith("Diff between")) {
                found.add(entry.getMessage() + List.of(entry.getParameters()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}

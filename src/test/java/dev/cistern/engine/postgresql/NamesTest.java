package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Problem;
import dev.cistern.kube.Secret;
import dev.cistern.tls.Certificates;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private final PostgresqlEngine engine = new PostgresqlEngine(new Certificates(Clock.systemUTC()));

    @Test
    void quotesWhateverAUserThinksOf() {
        assertThat(Identifier.quote("a\"; drop database postgres; --"))
                .isEqualTo("\"a\"\"; drop database postgres; --\"");
        assertThat(Identifier.quote("Müller's $1 ?")).isEqualTo("\"Müller's $1 ?\"");
        assertThatThrownBy(() -> Identifier.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Identifier.quote("")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "cistern", "replicator", "rewinder", "public", "none", "pg_monitor", ""})
    void refusesOwnLogins(String name) {
        assertThat(check(name, "app")).extracting(Problem::reason).containsExactly("ReservedName");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "template0", "template1", ""})
    void refusesOwnDatabases(String name) {
        assertThat(check("app", name)).extracting(Problem::reason).containsExactly("ReservedName");
    }

    @Test
    void refusesNamesThatPostgresqlWouldCut() {
        // 32 characters, 64 bytes
        assertThat(check("ü".repeat(32), "app")).hasSize(1);
        assertThat(check("u".repeat(63), "d".repeat(63))).isEmpty();
    }

    private List<Problem> check(String username, String database) {
        EngineContext context = Contexts.single();
        return engine.check(Contexts.with(context, new Credentials(username, new Secret("x"), database), Set.of()));
    }
}

package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cistern.api.Database;
import dev.cistern.api.Feature;
import dev.cistern.engine.FeatureDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseMappingTest {
    private static final Map<Feature, FeatureDefault> DEFAULTS =
            Map.of(Feature.FORCE_SSL, FeatureDefault.OFF, Feature.REDIS_RDB, FeatureDefault.ON);

    @ParameterizedTest
    @ValueSource(strings = {"database", "new-database"})
    void showsWhatIsKnown(String name) {
        assertThat(shown(name + ".yaml")).isEqualTo(Fixtures.json(name + ".json"));
    }

    @Test
    void hasEveryFieldOfTheContractWithItsType() {
        assertSameShape(Fixtures.json("seed-database.json"), shown("database.yaml"));
    }

    @Test
    void takesAllThreeNames() {
        DatabaseId id = DatabaseId.of(Fixtures.object("database.yaml", Database.class));

        assertThat(id.all())
                .containsExactly("5c599fd6f18b3202f7ab4e66", "ad-5c599fd6-f18b-3202-f7ab-4e66aabbccdd", "my-db-5c59");
    }

    @Test
    void showsTheOperation() {
        Database database = Fixtures.object("database.yaml", Database.class);

        DatabaseBody body = DatabaseMapping.map(database, List.of(), DEFAULTS, Optional.of("609145e66ffbd934f6745bb4"))
                .database();

        assertThat(body.currentOperationId()).isEqualTo("609145e66ffbd934f6745bb4");
    }

    private static JsonNode shown(String file) {
        Database database = Fixtures.object(file, Database.class);
        return Fixtures.JSON.valueToTree(DatabaseMapping.map(database, List.of(), DEFAULTS, Optional.empty()));
    }

    private static void assertSameShape(JsonNode contract, JsonNode ours) {
        assertThat(ours.getNodeType()).isEqualTo(contract.getNodeType());
        contract.properties().forEach(field -> {
            assertThat(ours.has(field.getKey())).as(field.getKey()).isTrue();
            assertSameShape(field.getValue(), ours.get(field.getKey()));
        });
        for (int i = 0; i < contract.size() && contract.isArray(); i++) {
            assertSameShape(contract.get(i), ours.get(i));
        }
    }
}

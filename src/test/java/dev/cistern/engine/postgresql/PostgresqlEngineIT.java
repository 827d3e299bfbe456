package dev.cistern.engine.postgresql;

import dev.cistern.api.EngineType;
import dev.cistern.engine.EngineContractTest;

/** The contract on real Postgresql. */
class PostgresqlEngineIT extends EngineContractTest {
    @Override
    protected EngineType engine() {
        return EngineType.POSTGRESQL;
    }
}

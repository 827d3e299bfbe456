package dev.cistern.engine.redis;

import dev.cistern.api.EngineType;
import dev.cistern.engine.EngineContractTest;

/** The contract on real Redis. */
class RedisEngineIT extends EngineContractTest {
    @Override
    protected EngineType engine() {
        return EngineType.REDIS;
    }
}

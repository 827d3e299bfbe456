package dev.cistern.engine.redis;

/** The same with the oldest version that is offered. */
class OldRedisServerIT extends RedisServerIT {
    @Override
    String version() {
        return "7.0.15-1";
    }
}

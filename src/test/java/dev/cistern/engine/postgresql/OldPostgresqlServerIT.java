package dev.cistern.engine.postgresql;

/** The same with the oldest major that is offered. */
class OldPostgresqlServerIT extends PostgresqlServerIT {
    @Override
    String version() {
        return "15.20.0-1";
    }
}

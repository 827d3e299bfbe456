package dev.cistern.gateway;

/** Bodies shown in the documentation of the endpoints. */
final class Examples {
    static final String DATABASE = """
            {
              "database": {
                "id": "5c599fd6f18b3202f7ab4e66",
                "resource_id": "my-db-5c59",
                "app_name": "my-app",
                "created_at": "2019-02-05T15:38:14Z",
                "encryption_at_rest": false,
                "features": [{"name": "redis-rdb", "status": "ACTIVATED"}],
                "plan": "starter-512",
                "status": "running",
                "type_id": "34fb46c847bb9df96e5205a3",
                "type_name": "redis",
                "version_id": "08a5c487760927c8607ae595",
                "next_version_id": null,
                "instances": [
                  {
                    "id": "a7ecbaf9-7f3c-4324-bf35-975f546718c2",
                    "hostname": "my-db-0.my-db-pods.my-app.svc",
                    "port": 6379,
                    "status": "running",
                    "type": "db-node"
                  }
                ],
                "readable_version": "7.2.5-1",
                "hostname": "my-db.my-app.svc:6379",
                "current_operation_id": null,
                "cluster": false,
                "periodic_backups_enabled": true,
                "periodic_backups_scheduled_at": [3],
                "maintenance_window": {"weekday_utc": 3, "starting_hour_utc": 21, "duration_in_hour": 8}
              }
            }""";
    static final String UPDATE = """
            {
              "database": {
                "periodic_backups_enabled": true,
                "periodic_backups_scheduled_at": 3,
                "maintenance_window": {"weekday_utc": 3, "starting_hour_utc": 21}
              }
            }""";
    static final String ENABLE = """
            {"feature": {"name": "force-ssl"}}""";
    static final String ENABLED = """
            {"name": "force-ssl", "status": "PENDING", "message": "force-ssl feature is being enabled"}""";
    static final String DISABLED = """
            {"message": "force-ssl feature has been disabled"}""";
    static final String ACTION = """
            {"action_name": "pg-cancel-query", "params": {"pid": 2000}}""";
    static final String ACTION_WITHOUT_PARAMS = """
            {"action_name": "list-extensions", "params": null}""";
    static final String ACTION_WITH_TEXT = """
            {"action_name": "set-sqlmode", "params": "NO_ZERO_IN_DATE,NO_ZERO_DATE"}""";
    static final String ACTION_DONE = """
            {"ok": 1, "result": [{"name": "plpgsql", "version": "v1.0"}]}""";
    static final String ACTION_FAILED = """
            {"ok": 0, "error": "there is no query with pid 2000"}""";
    static final String ACTION_INVALID = """
            {"ok": 0, "error": "pid must be a whole number", "code": "invalid", "errors": {"pid": ["must be a whole number"]}}""";
    static final String UNAUTHENTICATED = """
            {"error": "the token is not valid", "code": "unauthorized"}""";
    static final String FORBIDDEN = """
            {"error": "you may not get this database", "code": "forbidden"}""";
    static final String NOT_FOUND = """
            {"error": "not found", "code": "not_found", "resource": "database"}""";
    static final String CONFLICT = """
            {"error": "periodic_backups_enabled is managed by argocd-controller, change it there", "code": "conflict"}""";
    static final String INVALID = """
            {"error": "feature must be one of force-ssl, publicly-available for postgresql", "code": "invalid", "errors": {"feature": ["must be one of force-ssl, publicly-available for postgresql"]}}""";
    static final String TOO_MANY = """
            {"error": "too many requests, try again later", "code": "rate_limited"}""";
    static final String UNAVAILABLE = """
            {"error": "the Kubernetes API server cannot be reached, try again later", "code": "unavailable"}""";

    private Examples() {}
}

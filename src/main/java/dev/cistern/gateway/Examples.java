package dev.cistern.gateway;

/**
 * Bodies shown in the documentation of the endpoints. The one of a database names an engine and so is text, in
 * {@code META-INF/openapi.yaml}.
 */
final class Examples {
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
            {"error": "feature must be one of force-ssl, publicly-available", "code": "invalid", "errors": {"feature": ["must be one of force-ssl, publicly-available"]}}""";
    static final String TOO_MANY = """
            {"error": "too many requests, try again later", "code": "rate_limited"}""";
    static final String UNAVAILABLE = """
            {"error": "the Kubernetes API server cannot be reached, try again later", "code": "unavailable"}""";

    private Examples() {}
}

package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Workload;
import dev.cistern.kube.Labels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code patroni.yml}: who an instance is and how it proves it. What users can change is not here. */
final class PatroniFile {
    /** Where the ConfigMap is mounted. */
    static final String PATH = "/etc/cistern/patroni";
    /** Where the members' certificate for each other is mounted. */
    static final String PEER_PATH = "/etc/cistern/peer";
    /** Directory of the server's socket. */
    static final String SOCKET_PATH = "/var/run/postgresql";

    // All strings quoted: Python reads a bare "on" as true.
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private static final String SERVER_CERTIFICATE = Workload.TLS_PATH + "/tls.crt";
    private static final String SERVER_KEY = Workload.TLS_PATH + "/tls.key";
    private static final String SERVER_AUTHORITY = Workload.TLS_PATH + "/ca.crt";
    private static final String PEER_CERTIFICATE = PEER_PATH + "/tls.crt";
    private static final String PEER_KEY = PEER_PATH + "/tls.key";
    private static final String PEER_AUTHORITY = PEER_PATH + "/ca.crt";
    private static final String LOGIN_SCRIPT = "sh " + PATH + "/login.sh";

    private PatroniFile() {}

    /** Its text. */
    static String of(EngineContext context) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("scope", context.name());
        file.put("kubernetes", kubernetes(context));
        file.put("restapi", restApi());
        file.put("ctl", control());
        file.put("bootstrap", bootstrap(context));
        file.put("postgresql", postgresql());
        try {
            return YAML.writeValueAsString(file);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> kubernetes(EngineContext context) {
        Map<String, Object> kubernetes = new LinkedHashMap<>();
        kubernetes.put("namespace", context.namespace());
        kubernetes.put("use_endpoints", false);
        kubernetes.put("labels", Map.of(Labels.MANAGED_BY, Labels.CISTERN));
        kubernetes.put("scope_label", Labels.DATABASE);
        kubernetes.put("role_label", Labels.ROLE);
        kubernetes.put("leader_label_value", Instance.PRIMARY);
        kubernetes.put("follower_label_value", Instance.REPLICA);
        kubernetes.put("standby_leader_label_value", Instance.PRIMARY);
        return kubernetes;
    }

    private static Map<String, Object> restApi() {
        Map<String, Object> api = new LinkedHashMap<>();
        api.put("listen", "0.0.0.0:" + PostgresqlPods.PATRONI_PORT);
        api.put("certfile", SERVER_CERTIFICATE);
        api.put("keyfile", SERVER_KEY);
        api.put("cafile", PEER_AUTHORITY);
        // The kubelet's probes have no certificate; whatever changes something needs one.
        api.put("verify_client", "optional");
        return api;
    }

    private static Map<String, Object> control() {
        Map<String, Object> control = new LinkedHashMap<>();
        control.put("cacert", SERVER_AUTHORITY);
        control.put("certfile", PEER_CERTIFICATE);
        control.put("keyfile", PEER_KEY);
        return control;
    }

    private static Map<String, Object> bootstrap(EngineContext context) {
        Map<String, Object> bootstrap = new LinkedHashMap<>();
        bootstrap.put("dcs", DynamicConfiguration.wanted(context, false));
        bootstrap.put("initdb", List.of(Map.of("encoding", "UTF8"), Map.of("locale", "C.UTF-8"), "data-checksums"));
        bootstrap.put("post_bootstrap", LOGIN_SCRIPT);
        return bootstrap;
    }

    private static Map<String, Object> postgresql() {
        Map<String, Object> postgresql = new LinkedHashMap<>();
        postgresql.put("listen", "0.0.0.0:" + PostgresqlPods.PORT);
        postgresql.put("data_dir", PostgresqlPods.DATA_PATH + "/pg");
        postgresql.put("use_unix_socket", true);
        // The default is in the home directory, which cannot be written, and then Patroni does not start.
        postgresql.put("pgpass", "/tmp/pgpass");
        postgresql.put("bin_dir", "/usr/local/bin");
        postgresql.put("parameters", parameters());
        postgresql.put("create_replica_methods", List.of("basebackup"));
        postgresql.put("basebackup", List.of(Map.of("checkpoint", "fast")));
        // Brings data of an older operator, or of a backup, to the operator's present role and functions.
        postgresql.put("callbacks", Map.of("on_role_change", LOGIN_SCRIPT));
        Map<String, Object> authentication = new LinkedHashMap<>();
        authentication.put("superuser", Map.of("username", Roles.SUPERUSER));
        authentication.put("replication", byCertificate(Roles.REPLICATION));
        authentication.put("rewind", byCertificate(Roles.REWIND));
        postgresql.put("authentication", authentication);
        return postgresql;
    }

    private static Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("unix_socket_directories", SOCKET_PATH);
        parameters.put("ssl", "on");
        parameters.put("ssl_cert_file", SERVER_CERTIFICATE);
        parameters.put("ssl_key_file", SERVER_KEY);
        // The database's own authority, not Cistern's: a certificate of another database must not log in.
        parameters.put("ssl_ca_file", PEER_AUTHORITY);
        return parameters;
    }

    private static Map<String, Object> byCertificate(String username) {
        Map<String, Object> login = new LinkedHashMap<>();
        login.put("username", username);
        login.put("sslmode", "verify-full");
        login.put("sslrootcert", SERVER_AUTHORITY);
        login.put("sslcert", PEER_CERTIFICATE);
        login.put("sslkey", PEER_KEY);
        return login;
    }
}

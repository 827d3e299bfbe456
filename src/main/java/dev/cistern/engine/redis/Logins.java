package dev.cistern.engine.redis;

import dev.cistern.engine.EngineContext;
import dev.cistern.kube.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who may log in, and what they may do. Only hashes ever reach the server's files.
 *
 * @param rules by user, as ACL SETUSER takes them
 */
record Logins(Map<String, List<String>> rules) {
    /** The operator's own login. */
    static final String OPERATOR = "cistern";
    /** Key of its password in the internal Secret. */
    static final String OPERATOR_PASSWORD = "operator-password";
    /** What the kubelet's probes use: may do nothing but PING. */
    static final String HEALTH = "health";
    /** The user of a client that sends a password only. */
    static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    /**
     * Clients may do all that applications and people at a shell do. What is left out of {@code @admin} and {@code
     * @dangerous} would break what the features promise (CONFIG, ACL, SAVE, BGSAVE, BGREWRITEAOF, MODULE LOAD), stop or
     * repoint the server (SHUTDOWN, DEBUG, REPLICAOF, FAILOVER, CLUSTER, SYNC, CLIENT PAUSE) or reach out of it
     * (MIGRATE).
     */
    private static final List<String> CLIENT = List.of(
            "~*",
            "&*",
            "+@all",
            "-@admin",
            "-@dangerous",
            "+client|kill",
            "+client|list",
            "+flushall",
            "+flushdb",
            "+info",
            "+keys",
            "+lastsave",
            "+latency",
            "+module|list",
            "+monitor",
            "+restore",
            "+role",
            "+slowlog",
            "+sort",
            "+sort_ro",
            "+swapdb");

    Logins {
        rules = new LinkedHashMap<>(rules);
    }

    /** The logins of a database. */
    static Logins of(EngineContext context) {
        Map<String, List<String>> rules = new LinkedHashMap<>();
        rules.put(OPERATOR, user(hash(operatorPassword(context)), List.of("~*", "&*", "+@all")));
        rules.put(HEALTH, user("nopass", List.of("resetkeys", "resetchannels", "-@all", "+ping")));
        String password = hash(context.credentials().password());
        rules.put(DEFAULT, user(password, CLIENT));
        rules.put(checked(context.credentials().username()), user(password, CLIENT));
        return new Logins(rules);
    }

    /** The password that the operator logs in with. */
    static Secret operatorPassword(EngineContext context) {
        String password = context.internal().get(OPERATOR_PASSWORD);
        if (password == null) {
            throw new IllegalStateException(
                    "the internal Secret of " + context.name() + " has no " + OPERATOR_PASSWORD);
        }
        return new Secret(password);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches() || name.equals(OPERATOR) || name.equals(HEALTH)) {
            throw new IllegalArgumentException("cannot be the name of a login: " + name);
        }
        return name;
    }

    private static String hash(Secret password) {
        return "#" + Hashes.sha256(password.value());
    }

    private static List<String> user(String password, List<String> rules) {
        List<String> all = new ArrayList<>(List.of("reset", "on", password));
        all.addAll(rules);
        return List.copyOf(all);
    }

    /** As an ACL file. */
    String file() {
        return rules.entrySet().stream()
                .map(e -> "user " + e.getKey() + " " + String.join(" ", e.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /**
     * Short name of exactly these logins. The server's own wording of the rules differs from version to version, so it is
     * no use to compare that.
     */
    String fingerprint() {
        return Hashes.brief(file());
    }

    /** Users that the server has and ought not to have. */
    List<String> surplus(String[] users) {
        return Arrays.stream(users).filter(u -> !rules.containsKey(u)).toList();
    }

    @Override
    public String toString() {
        return "Logins" + rules.keySet();
    }
}

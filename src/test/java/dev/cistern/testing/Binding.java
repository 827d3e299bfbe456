package dev.cistern.testing;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/** What an application knows of a database: the content of its connection Secret, and nothing else. */
public record Binding(
        String host, int port, String username, String password, String database, String uri, String authority) {

    public static Binding of(Secret secret) {
        return new Binding(
                text(secret, "host"),
                Integer.parseInt(text(secret, "port")),
                text(secret, "username"),
                text(secret, "password"),
                text(secret, "database"),
                text(secret, "uri"),
                text(secret, "ca.crt"));
    }

    public Binding withPassword(String other) {
        return new Binding(host, port, username, other, database, uri, authority);
    }

    public Binding withUsername(String other) {
        return new Binding(host, port, other, password, database, uri, authority);
    }

    private static String text(Secret secret, String key) {
        String value = Objects.requireNonNull(secret.getData().get(key), key);
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Binding[" + host + ":" + port + "]";
    }
}

package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * Clients with several rights before one gateway.
 *
 * @param space where the Databases are
 * @param elsewhere another namespace
 * @param none a client without a token
 * @param full may do everything in {@code space}
 * @param reader may get Databases in {@code space}
 * @param stranger may do nothing
 * @param neighbour may do everything in {@code elsewhere}
 */
record Callers(Space space, Space elsewhere, Rest none, Rest full, Rest reader, Rest stranger, Rest neighbour)
        implements AutoCloseable {
    static final String REDIS = "{\"engine\": \"redis\", \"plan\": \"starter-512\"}";
    static final String POSTGRESQL = """
            {"engine": "postgresql", "plan": "starter-512",
             "periodicBackups": {"scheduledAt": [3]}}""";

    static Callers create(URI base) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Space space = Space.create();
        Space elsewhere = Space.create();
        Rest none = new Rest(http, base, null);
        return new Callers(
                space,
                elsewhere,
                none,
                none.with(space.full("full")),
                none.with(space.account("reader", List.of("get"), "databases")),
                none.with(space.stranger("stranger")),
                none.with(elsewhere.full("neighbour")));
    }

    Rest as(@Nullable String token) {
        return none.with(token);
    }

    /** A Database that the gateway knows. */
    Database seen(String name, String spec) {
        return seen(space.database(name, spec, "test"));
    }

    Database seen(Database database) {
        await(() -> assertThat(full.get(path(database)).status()).isEqualTo(200));
        return database;
    }

    DatabaseFeature feature(String name) {
        return space.features().stream()
                .filter(f -> f.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<String> listed(Database database) {
        return full.get(path(database))
                .body()
                .at("/database/features")
                .valueStream()
                .map(f -> f.path("name").asText() + " " + f.path("status").asText())
                .toList();
    }

    Rest.Reply enable(Rest as, Database database, String feature) {
        return as.send(
                "POST",
                path(database) + "/features",
                "{\"feature\": {\"name\": \"" + feature + "\", \"status\": \"\"}}");
    }

    Rest.Reply disable(Database database, String feature) {
        return full.send("DELETE", path(database) + "/features?feature=" + feature, null);
    }

    Rest.Reply act(Rest as, Database database, String body) {
        return as.send("POST", path(database) + "/action", body);
    }

    String path(Database database) {
        return "/api/databases/" + DatabaseId.of(database).id();
    }

    static void await(ThrowingRunnable check) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(check);
    }

    @Override
    public void close() {
        space.close();
        elsewhere.close();
    }
}

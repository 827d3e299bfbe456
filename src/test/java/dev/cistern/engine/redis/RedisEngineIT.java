package dev.cistern.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.EngineType;
import dev.cistern.api.FeatureStatus;
import dev.cistern.engine.EngineContractTest;
import dev.cistern.kube.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The contract on real Redis, and the features that only Redis has. */
class RedisEngineIT extends EngineContractTest {
    @Override
    protected EngineType engine() {
        return EngineType.REDIS;
    }

    @Test
    @Order(20)
    void the_connection_secret_is_for_redis_clients() {
        assertThat(binding("uri")).startsWith("rediss://").endsWith("@orders." + namespace.name() + ".svc:6380/0");
        assertThat(binding("port")).isEqualTo("6380");
        assertThat(binding("database")).isEqualTo("0");
    }

    @Test
    @Order(21)
    void persistence_and_eviction_are_switched_live() {
        String pod = podUid();
        feature("redis-aof", true);
        awaitFeature("redis-aof", FeatureStatus.ACTIVATED);
        feature("redis-cache", true);
        awaitFeature("redis-cache", FeatureStatus.ACTIVATED);
        feature("redis-rdb", false);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(message("redis-rdb")).contains("has no save points"));
        assertThat(podUid()).isEqualTo(pod);
    }

    private void feature(String feature, boolean enabled) {
        namespace.create(DatabaseFeature.class, """
                apiVersion: cistern.dev/v1alpha1
                kind: DatabaseFeature
                metadata: {name: %s-%s}
                spec: {databaseRef: {name: %s}, feature: %s, enabled: %s}
                """.formatted(NAME, feature, NAME, feature, enabled));
    }

    private String message(String feature) {
        DatabaseFeature object = client.resources(DatabaseFeature.class)
                .inNamespace(namespace.name())
                .withName(NAME + "-" + feature)
                .get();
        return object.getStatus() == null ? "" : String.valueOf(object.getStatus());
    }

    private String binding(String key) {
        String value = client.secrets()
                .inNamespace(namespace.name())
                .withName(Names.binding(NAME))
                .get()
                .getData()
                .get(key);
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
}

package dev.cistern.testing;

import dev.cistern.catalogue.Catalogue;
import dev.cistern.controller.OperatorInProcess;
import dev.cistern.engine.Engine;
import dev.cistern.engine.postgresql.PostgresqlEngine;
import dev.cistern.engine.redis.RedisEngine;
import dev.cistern.tls.Certificates;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** The operator in this process, for one namespace, with the chart's own catalogue. */
public final class LocalOperator implements AutoCloseable {
    private final OperatorInProcess operator;

    /** Starts it. */
    public LocalOperator(KubernetesClient client, String namespace) {
        operator = new OperatorInProcess(client, namespace, engines(), catalogue());
    }

    /** All engines of this build. */
    public static List<Engine> engines() {
        return List.of(new PostgresqlEngine(new Certificates(Clock.systemUTC())), new RedisEngine());
    }

    /** The catalogue of the chart's default values. */
    @SuppressWarnings("unchecked")
    public static Catalogue catalogue() {
        try {
            var yaml = new com.fasterxml.jackson.databind.ObjectMapper(
                    new com.fasterxml.jackson.dataformat.yaml.YAMLFactory());
            var values =
                    yaml.readTree(Files.readString(Path.of("helm/values.yaml"))).get("catalogue");
            for (var release : values.get("releases")) {
                ((com.fasterxml.jackson.databind.node.ObjectNode) release)
                        .put(
                                "image",
                                "%s/%s:%s"
                                        .formatted(
                                                values.get("imagePrefix").asText(),
                                                release.get("engine").asText(),
                                                release.get("version").asText()));
            }
            return yaml.treeToValue(values, Catalogue.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        operator.close();
    }
}

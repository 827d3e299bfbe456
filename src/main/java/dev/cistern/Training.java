package dev.cistern;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The role {@code train}: starts without a cluster, asks its own endpoints once and ends, so that the JVM can write the
 * cache of what a start needs. Only the image's build uses it.
 */
@ApplicationScoped
class Training {
    private static final Logger LOG = Logger.getLogger(Training.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> PATHS = List.of("/q/openapi", "/api/databases/000000000000000000000000");
    private static final List<String> MANAGEMENT_PATHS = List.of("/q/health/live", "/q/metrics");

    private final String role;
    private final int port;
    private final int managementPort;

    Training(
            @ConfigProperty(name = "cistern.role") String role,
            @ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int port,
            @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int managementPort) {
        this.role = role;
        this.port = port;
        this.managementPort = managementPort;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
        if (role.equals("train")) {
            Thread.ofPlatform().name("training").start(this::run);
        }
    }

    private void run() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int round = 0; round < 3; round++) {
                for (String path : PATHS) {
                    ask(client, port, path);
                }
                for (String path : MANAGEMENT_PATHS) {
                    ask(client, managementPort, path);
                }
            }
        } finally {
            Quarkus.asyncExit(0);
        }
    }

    private static void ask(HttpClient client, int port, String path) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        while (System.nanoTime() < deadline) {
            try {
                var answer = client.send(
                        HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
                LOG.infof("training: %s answered %d", path, answer.statusCode());
                return;
            } catch (IOException e) {
                // Not listening yet.
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        LOG.warnf("training: %s did not answer", path);
    }
}

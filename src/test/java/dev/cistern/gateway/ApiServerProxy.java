package dev.cistern.gateway;

import dev.cistern.testing.Cluster;
import io.fabric8.kubernetes.client.Config;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The way from the gateway to the API server, which a test can cut. TLS goes through unchanged. */
public class ApiServerProxy implements QuarkusTestResourceLifecycleManager {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket listener = listen();
    private volatile boolean cut;

    @Override
    public Map<String, String> start() {
        // The gateway under test finds its credentials there, as a process on a developer's machine does.
        System.setProperty(
                Config.KUBERNETES_KUBECONFIG_FILE, Cluster.kubeconfigFile().toString());
        URI server = URI.create(Cluster.client().getConfiguration().getMasterUrl());
        threads.execute(() -> accept(new InetSocketAddress(server.getHost(), server.getPort())));
        return Map.of(
                "quarkus.kubernetes-client.api-server-url",
                "https://127.0.0.1:" + listener.getLocalPort(),
                "cistern.role",
                "gateway",
                "cistern.gateway.plain-http",
                "true",
                "cistern.gateway.action-deadline",
                "3s",
                "cistern.gateway.rate-limit.requests-per-second",
                "50",
                "quarkus.log.level",
                "INFO",
                "quarkus.http.test-port",
                "0",
                // Both ports or none: meters of the two servers must have the same tags.
                "quarkus.management.test-port",
                "0");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(ApiServerProxy.class));
    }

    @Override
    public void stop() {
        cut();
        close(listener);
        threads.shutdownNow();
    }

    /** Ends every connection and takes no new ones. */
    void cut() {
        cut = true;
        open.forEach(ApiServerProxy::close);
    }

    void mend() {
        cut = false;
    }

    private void accept(InetSocketAddress server) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (cut) {
                    close(client);
                    continue;
                }
                Socket upstream = new Socket(server.getAddress(), server.getPort());
                open.add(client);
                open.add(upstream);
                threads.execute(() -> copy(client, upstream));
                threads.execute(() -> copy(upstream, client));
            } catch (IOException e) {
                // The next connection may fare better.
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Ended by either side.
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // Closed is closed.
        }
    }
}

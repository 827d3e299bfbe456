package dev.cistern.engine.redis;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.Timeouts;
import dev.cistern.kube.Secret;
import dev.cistern.tls.SslContexts;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens connections to instances, over verified TLS. Its threads are shared by all databases. */
final class Connections implements AutoCloseable {
    private static final int THREADS = 2;
    // For sessions that are just being closed.
    private static final long QUIET_MILLIS = 100;

    private final Duration lifetime;
    private @Nullable ClientResources resources;

    /** @param lifetime how long a session lasts, with the time to open it */
    Connections(Duration lifetime) {
        this.lifetime = lifetime;
    }

    /** Logs in as the operator. */
    Session operator(EngineContext context, Instance instance) {
        return open(context, instance, Logins.OPERATOR, Logins.operatorPassword(context));
    }

    /** Logs in as the database's clients do. */
    Session client(EngineContext context, Instance instance) {
        return open(
                context,
                instance,
                context.credentials().username(),
                context.credentials().password());
    }

    /**
     * Opens a connection to the pod's address. The certificate must be good for the pod's name; no DNS is asked.
     *
     * @throws RedisException when it cannot be opened, or the server refuses the login
     */
    private Session open(EngineContext context, Instance instance, String user, Secret password) {
        long deadline = System.nanoTime() + lifetime.toNanos();
        RedisURI uri = new PodUri(instance);
        uri.setVerifyPeer(SslVerifyMode.FULL);
        uri.setTimeout(Timeouts.CONNECT);
        uri.setClientName("cistern");
        uri.setCredentialsProvider(
                new StaticCredentialsProvider(user, password.value().toCharArray()));
        RedisClient client = RedisClient.create(shared(), uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .protocolVersion(ProtocolVersion.RESP2)
                .socketOptions(
                        SocketOptions.builder().connectTimeout(Timeouts.CONNECT).build())
                .sslOptions(SslOptions.builder()
                        .jdkSslProvider()
                        .trustManager(SslContexts.trust(context.tls().authority()))
                        .handshakeTimeout(Timeouts.CONNECT)
                        .build())
                .build());
        try {
            return new Session(client, client.connect(), deadline);
        } catch (RedisException e) {
            var _ = client.shutdownAsync(0, 0, TimeUnit.SECONDS);
            throw e;
        }
    }

    static String address(Instance instance) {
        return instance.address().orElseThrow(() -> new RedisException(instance.name() + " has no address yet"));
    }

    private synchronized ClientResources shared() {
        if (resources == null) {
            resources = ClientResources.builder()
                    .socketAddressResolver(PodUri.resolver())
                    .ioThreadPoolSize(THREADS)
                    .computationThreadPoolSize(THREADS)
                    .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                    .build();
        }
        return resources;
    }

    /** Why a call failed, in the words of whoever said it; never holds a password. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
    }

    @Override
    public synchronized void close() {
        if (resources != null) {
            var _ = resources.shutdown(QUIET_MILLIS, 10 * QUIET_MILLIS, TimeUnit.MILLISECONDS);
            resources = null;
        }
    }
}

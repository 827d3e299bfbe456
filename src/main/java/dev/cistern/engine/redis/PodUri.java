package dev.cistern.engine.redis;

import dev.cistern.engine.Instance;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.SocketAddressResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** Names a pod as its certificate does, and knows the address to connect to, so that no DNS is asked. */
final class PodUri extends RedisURI {
    private static final long serialVersionUID = 1L;

    private final String address;

    PodUri(Instance instance) {
        this.address = Connections.address(instance);
        setHost(instance.host());
        setPort(Layout.TLS_PORT);
        setSsl(true);
    }

    /** Finds what the name is missing. */
    static SocketAddressResolver resolver() {
        return new SocketAddressResolver() {
            @Override
            public SocketAddress resolve(RedisURI uri) {
                return uri instanceof PodUri pod ? pod.resolve() : super.resolve(uri);
            }
        };
    }

    // The certificate is checked against the name that the address carries.
    private SocketAddress resolve() {
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            return new InetSocketAddress(InetAddress.getByAddress(getHost(), bytes), getPort());
        } catch (UnknownHostException e) {
            throw new RedisException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PodUri pod && super.equals(other) && address.equals(pod.address);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + address.hashCode();
    }
}

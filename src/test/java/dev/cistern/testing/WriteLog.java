package dev.cistern.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that notes everything that is written through it. */
public final class WriteLog implements AutoCloseable {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /**
     * One request.
     *
     * @param what method and path
     * @param body what was sent
     */
    public record Write(String what, String body) {
        boolean about(String name) {
            return what.contains("/" + name) || body.contains("\"" + name);
        }
    }

    private final List<Write> writes = new CopyOnWriteArrayList<>();
    private final KubernetesClient client;

    public WriteLog(KubernetesClient like) {
        client = new KubernetesClientBuilder()
                .withConfig(like.getConfiguration())
                .withHttpClientBuilderConsumer(b -> b.addOrReplaceInterceptor("write-log", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if (!READS.contains(request.method())) {
                            writes.add(new Write(
                                    request.method() + " " + request.uri().getPath(),
                                    String.valueOf(request.bodyString())));
                        }
                    }

                    @Override
                    public AsyncBody.Consumer<List<java.nio.ByteBuffer>> consumer(
                            AsyncBody.Consumer<List<java.nio.ByteBuffer>> consumer, HttpRequest request) {
                        return consumer;
                    }

                    @Override
                    public void after(
                            HttpRequest request,
                            HttpResponse<?> response,
                            AsyncBody.Consumer<List<java.nio.ByteBuffer>> consumer) {}
                }))
                .build();
    }

    public KubernetesClient client() {
        return client;
    }

    /** What was written about one database and the objects named after it. */
    public List<String> about(String name) {
        return writes.stream().filter(w -> w.about(name)).map(Write::what).toList();
    }

    public void forget() {
        writes.clear();
    }

    @Override
    public void close() {
        client.close();
    }
}

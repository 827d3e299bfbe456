package dev.cistern.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the API server as somebody else. It has an HTTP stack of its own, with none of the gateway's own
 * credentials: a client certificate would outrank the caller's token, and the usual interceptor answers a 401 by trying
 * again with the token of the process, which would lend it to anybody who sends a bad one.
 */
@ApplicationScoped
class ApiServer {
    private static final Logger LOG = Logger.getLogger(ApiServer.class);
    private static final String JSON = "application/json";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String MANAGER = "fieldManager=" + FieldOwners.GATEWAY;

    private final HttpClient http;
    private final String base;
    private final ObjectMapper mapper;
    private final KubernetesSerialization serialization;
    private final Duration timeout;

    /**
     * What the API server said.
     *
     * @param code HTTP status
     * @param body the object, or a Status
     */
    record Answer(int code, JsonNode body) {
        boolean ok() {
            return code >= 200 && code < 300;
        }
    }

    ApiServer(KubernetesClient client, Vertx vertx, ObjectMapper mapper, GatewayConfig config) {
        Config anonymous = anonymous(client.getConfiguration(), config.apiTimeout());
        VertxHttpClientFactory factory = new VertxHttpClientFactory(vertx);
        HttpClient.Builder builder = factory.newBuilder();
        HttpClientUtils.applyCommonConfiguration(anonymous, builder, factory);
        builder.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, null);
        this.http = builder.build();
        String url = client.getConfiguration().getMasterUrl();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.mapper = mapper;
        this.serialization = client.getKubernetesSerialization();
        this.timeout = config.apiTimeout();
    }

    /** Where the API server is and how to trust it, and nothing about who asks. */
    private static Config anonymous(Config own, Duration timeout) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(own.getMasterUrl())
                .withCaCertData(own.getCaCertData())
                .withCaCertFile(own.getCaCertFile())
                .withTrustStoreFile(own.getTrustStoreFile())
                .withTrustStorePassphrase(own.getTrustStorePassphrase())
                .withTrustCerts(own.isTrustCerts())
                .withDisableHostnameVerification(own.isDisableHostnameVerification())
                .withTlsServerName(own.getTlsServerName())
                .withTlsVersions(own.getTlsVersions())
                .withHttpProxy(own.getHttpProxy())
                .withHttpsProxy(own.getHttpsProxy())
                .withNoProxy(own.getNoProxy())
                .withProxyUsername(own.getProxyUsername())
                .withProxyPassword(own.getProxyPassword())
                .withUserAgent("cistern-gateway")
                .withConnectionTimeout((int) Math.min(timeout.toMillis(), 2000))
                .withRequestTimeout((int) timeout.toMillis())
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    CompletableFuture<Answer> get(Bearer as, String path) {
        return send(as, "GET", path, null, JSON);
    }

    CompletableFuture<Answer> create(Bearer as, String path, JsonNode object) {
        return send(as, "POST", path + "?" + MANAGER, object, JSON);
    }

    /** Server-side apply, never by force unless the caller has seen to it that nobody is run over. */
    CompletableFuture<Answer> apply(Bearer as, String path, JsonNode object, boolean force) {
        return send(as, "PATCH", path + "?" + MANAGER + "&force=" + force, object, APPLY);
    }

    CompletableFuture<Answer> delete(Bearer as, String path, JsonNode options) {
        return send(as, "DELETE", path, options, JSON);
    }

    private CompletableFuture<Answer> send(
            Bearer as, String method, String path, @Nullable JsonNode body, String contentType) {
        HttpRequest.Builder request = http.newHttpRequestBuilder()
                .uri(base + path)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .header("Authorization", "Bearer " + as.value())
                .header("Accept", JSON);
        if (body != null) {
            // JSON is YAML, so one serialisation serves an apply as well.
            request.method(method, contentType, body.toString());
        } else if (!method.equals("GET")) {
            request.method(method, contentType, "");
        }
        return http.sendAsync(request.build(), byte[].class).handle((response, failure) -> {
            if (failure != null) {
                LOG.debugf(failure, "%s %s", method, path);
                throw Refusal.unavailable("the Kubernetes API server cannot be reached, try again later");
            }
            return answer(response);
        });
    }

    private Answer answer(HttpResponse<byte[]> response) {
        if (response.code() >= 500) {
            throw Refusal.unavailable("the Kubernetes API server is not ready, try again later");
        }
        if (response.code() == 429) {
            throw Refusal.tooMany(1);
        }
        byte[] body = response.body();
        try {
            JsonNode json = body == null || body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
            return new Answer(response.code(), json);
        } catch (JsonProcessingException e) {
            throw Refusal.unavailable("the Kubernetes API server answered with something that is not JSON");
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** An object of the API server as a Java type. */
    <T> T read(JsonNode object, Class<T> type) {
        return serialization.convertValue(object, type);
    }

    /** And back. */
    JsonNode tree(Object object) {
        return serialization.convertValue(object, JsonNode.class);
    }

    @PreDestroy
    void close() {
        http.close();
    }
}

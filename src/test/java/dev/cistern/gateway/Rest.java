package dev.cistern.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client of the gateway with one token.
 *
 * @param http connections
 * @param base address of the gateway
 * @param token the token, or null to send none
 */
record Rest(HttpClient http, URI base, @Nullable String token) {
    /**
     * What the gateway answered.
     *
     * @param status HTTP status
     * @param body JSON
     * @param raw the answer itself
     */
    record Reply(int status, JsonNode body, HttpResponse<String> raw) {
        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    Rest with(@Nullable String other) {
        return new Rest(http, base, other);
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply send(String method, String path, @Nullable String body) {
        return send(request(method, path, body).build());
    }

    HttpRequest.Builder request(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    /** The status of a page that is not JSON. */
    int status(String path) {
        return raw(request("GET", path, null).build()).statusCode();
    }

    Reply send(HttpRequest request) {
        HttpResponse<String> response = raw(request);
        String body = response.body().isEmpty() ? "null" : response.body();
        return new Reply(response.statusCode(), Fixtures.text(body), response);
    }

    private HttpResponse<String> raw(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

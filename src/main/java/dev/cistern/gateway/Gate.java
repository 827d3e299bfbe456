package dev.cistern.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Stands before every request to {@code /api}: gives it an id, writes its line in the access log, and turns away what is
 * too large or too much before anything is done for it.
 */
@ApplicationScoped
class Gate {
    private static final Logger ACCESS = Logger.getLogger("dev.cistern.gateway.access");
    private static final String API = "/api/";
    // Before everything of Quarkus, its own limit on bodies included, which answers without JSON.
    private static final int FIRST = 10_000;
    private static final int LONGEST_IN_LOG = 256;

    private final GatewayLifecycle lifecycle;
    private final ObjectMapper mapper;
    private final TokenBuckets buckets;
    private final long maxBody;

    Gate(
            GatewayLifecycle lifecycle,
            ObjectMapper mapper,
            GatewayConfig config,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "64K") MemorySize maxBody) {
        this.lifecycle = lifecycle;
        this.mapper = mapper;
        GatewayConfig.RateLimit limit = config.rateLimit();
        this.buckets = new TokenBuckets(limit.requestsPerSecond(), limit.burst(), System::nanoTime);
        this.maxBody = maxBody.asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, FIRST);
    }

    /** What no route takes. */
    void register(@Observes Router router) {
        router.route().last().handler(routing -> {
            if (routing.normalizedPath().startsWith(API)) {
                answer(routing, Refusal.notFound("route"));
            } else {
                routing.next();
            }
        });
    }

    private void handle(RoutingContext routing) {
        if (!routing.normalizedPath().startsWith(API)) {
            routing.next();
            return;
        }
        Exchange exchange = Exchange.begin(routing);
        routing.response().putHeader(Exchange.REQUEST_ID_HEADER, exchange.requestId());
        MDC.put("requestId", exchange.requestId());
        routing.addEndHandler(end -> log(routing, exchange));
        try {
            admit(routing, exchange);
        } catch (Refusal refusal) {
            answer(routing, refusal);
            return;
        }
        routing.next();
    }

    private void admit(RoutingContext routing, Exchange exchange) {
        if (!lifecycle.serves()) {
            throw Refusal.notFound("route");
        }
        if (length(routing) > maxBody) {
            throw Refusal.tooLarge(maxBody);
        }
        String caller;
        try {
            Bearer bearer = Bearer.of(routing.request().headers().getAll(HttpHeaders.AUTHORIZATION));
            exchange.bearer(bearer);
            caller = bearer.key();
        } catch (Refusal refusal) {
            // Said by the endpoint, so that a route that does not exist is a 404 for everybody.
            exchange.noBearer(refusal);
            caller = String.valueOf(routing.request().remoteAddress().hostAddress());
        }
        int wait = buckets.take(caller);
        if (wait > 0) {
            throw Refusal.tooMany(wait);
        }
    }

    private static long length(RoutingContext routing) {
        String length = routing.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw Refusal.malformed("the Content-Length is not a number");
        }
    }

    private void answer(RoutingContext routing, Refusal refusal) {
        HttpServerResponse response = routing.response().setStatusCode(refusal.status());
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        if (refusal.retryAfterSeconds() > 0) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(refusal.retryAfterSeconds()));
        }
        if (refusal.status() == HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code()) {
            // The body is not read, so the connection cannot be used again.
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        response.end(json(refusal.body()));
    }

    private String json(ErrorBody body) {
        try {
            return mapper.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Path without its query, which may hold secrets; both it and the user come quoted. */
    private static void log(RoutingContext routing, Exchange exchange) {
        ACCESS.infof(
                "method=%s path=\"%s\" status=%d ms=%d user=\"%s\" request=%s",
                routing.request().method().name(),
                printable(String.valueOf(routing.request().path())),
                routing.response().getStatusCode(),
                exchange.millis(),
                printable(exchange.user()),
                exchange.requestId());
        MDC.remove("requestId");
    }

    private static String printable(String text) {
        String line = text.length() > LONGEST_IN_LOG ? text.substring(0, LONGEST_IN_LOG) : text;
        return line.chars().allMatch(Gate::isPrintable)
                ? line
                : line.codePoints()
                        .map(c -> isPrintable(c) ? c : '?')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isPrintable(int c) {
        return c != '"' && c != '\\' && !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
    }
}

package dev.cistern.gateway;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is known of one request while it is being answered. */
final class Exchange {
    static final String REQUEST_ID_HEADER = "X-Request-Id";

    private static final String KEY = Exchange.class.getName();
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,64}");

    private final String requestId;
    private final long startNanos = System.nanoTime();
    private volatile String user = "-";
    private volatile @Nullable Bearer bearer;
    private volatile @Nullable Refusal noBearer;

    private Exchange(String requestId) {
        this.requestId = requestId;
    }

    /** Begins one, under the caller's request id if that is a harmless one. */
    static Exchange begin(RoutingContext routing) {
        String given = routing.request().getHeader(REQUEST_ID_HEADER);
        Exchange exchange = new Exchange(
                given != null && REQUEST_ID.matcher(given).matches()
                        ? given
                        : UUID.randomUUID().toString());
        routing.put(KEY, exchange);
        return exchange;
    }

    /** The one that belongs to this request. */
    static Exchange of(RoutingContext routing) {
        Exchange exchange = routing.get(KEY);
        return exchange == null ? begin(routing) : exchange;
    }

    String requestId() {
        return requestId;
    }

    /** Who it turned out to be; a dash until then. */
    String user() {
        return user;
    }

    void user(String name) {
        this.user = name;
    }

    void bearer(Bearer token) {
        this.bearer = token;
    }

    void noBearer(Refusal why) {
        this.noBearer = why;
    }

    /**
     * The caller's token.
     *
     * @throws Refusal when there is none that could be good
     */
    Bearer bearer() {
        Bearer token = bearer;
        if (token != null) {
            return token;
        }
        Refusal why = noBearer;
        throw why == null ? Refusal.unauthenticated("send a token in the header Authorization: Bearer") : why;
    }

    long millis() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }
}

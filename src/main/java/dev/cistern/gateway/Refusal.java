package dev.cistern.gateway;

import java.util.List;
import java.util.Map;

/** A request that is answered with an error; thrown wherever that is found out. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ErrorBody body;
    private final int retryAfterSeconds;

    private Refusal(int status, ErrorBody body, int retryAfterSeconds) {
        // Refusals are answers, not faults: nobody reads their stack.
        super(body.error(), null, false, false);
        this.status = status;
        this.body = body;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static Refusal malformed(String error) {
        return new Refusal(400, ErrorBody.of(error, "bad_request"), 0);
    }

    static Refusal unauthenticated(String error) {
        return new Refusal(401, ErrorBody.of(error, "unauthorized"), 0);
    }

    static Refusal forbidden(String error) {
        return new Refusal(403, ErrorBody.of(error, "forbidden"), 0);
    }

    static Refusal notFound(String resource) {
        return new Refusal(404, ErrorBody.notFound(resource), 0);
    }

    static Refusal conflict(String error) {
        return new Refusal(409, ErrorBody.of(error, "conflict"), 0);
    }

    static Refusal tooLarge(long limit) {
        return new Refusal(413, ErrorBody.of("the body is larger than " + limit + " bytes", "too_large"), 0);
    }

    static Refusal invalid(Map<String, List<String>> errors) {
        return new Refusal(422, ErrorBody.invalid(errors), 0);
    }

    static Refusal invalid(String field, String error) {
        return invalid(Map.of(field, List.of(error)));
    }

    static Refusal invalidAction(Map<String, List<String>> errors) {
        return new Refusal(422, ErrorBody.invalidAction(errors), 0);
    }

    static Refusal tooMany(int retryAfterSeconds) {
        return new Refusal(429, ErrorBody.of("too many requests, try again later", "rate_limited"), retryAfterSeconds);
    }

    static Refusal unavailable(String error) {
        return new Refusal(503, ErrorBody.of(error, "unavailable"), 2);
    }

    int status() {
        return status;
    }

    ErrorBody body() {
        return body;
    }

    /** Seconds to wait before the next try; 0 when another try would not help. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

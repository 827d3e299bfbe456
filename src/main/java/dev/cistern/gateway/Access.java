package dev.cistern.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Who a caller is and what they may do, as the API server says about their own token. Its answers, the good and the bad
 * ones, are used again for a few seconds, and never after the token's own end.
 */
@ApplicationScoped
class Access {
    private static final int MOST_CALLERS = 10_000;
    private static final int MOST_RIGHTS = 50_000;

    private final ApiServer api;
    private final ObjectMapper mapper;
    private final Duration ttl;
    private final Clock clock;
    private final AsyncCache<String, Identity> identities;
    private final AsyncCache<Question, Verdict> verdicts;

    /**
     * Something a caller may or may not do.
     *
     * @param caller the token's hash
     * @param verb get, create, patch, delete
     * @param resource plural of the kind
     * @param namespace where
     * @param name which, or empty for all of them
     */
    private record Question(String caller, String verb, String resource, String namespace, String name) {}

    private record Identity(Optional<String> user, Duration ttl) {}

    private record Verdict(boolean authenticated, boolean allowed, Duration ttl) {}

    Access(ApiServer api, ObjectMapper mapper, GatewayConfig config, Clock clock) {
        this.api = api;
        this.mapper = mapper;
        this.ttl = config.authorisationTtl();
        this.clock = clock;
        this.identities = Caffeine.newBuilder()
                .maximumSize(MOST_CALLERS)
                .expireAfter(Expiry.creating((String caller, Identity identity) -> identity.ttl()))
                .buildAsync();
        this.verdicts = Caffeine.newBuilder()
                .maximumSize(MOST_RIGHTS)
                .expireAfter(Expiry.creating((Question question, Verdict verdict) -> verdict.ttl()))
                .buildAsync();
    }

    /** The name of the caller; refuses with 401 who has none. */
    CompletableFuture<String> user(Bearer bearer) {
        return identities
                .get(bearer.key(), (caller, executor) -> identify(bearer))
                .thenApply(identity -> identity.user().orElseThrow(Access::rejected));
    }

    /** Whether the caller may do this to this object. */
    CompletableFuture<Boolean> may(Bearer bearer, String verb, String resource, HasMetadata object) {
        return ask(
                bearer,
                new Question(
                        bearer.key(),
                        verb,
                        resource,
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName()));
    }

    /** Whether the caller may do this to every object of a kind in the namespace of this one. */
    CompletableFuture<Boolean> mayAll(Bearer bearer, String verb, String resource, HasMetadata neighbour) {
        return ask(
                bearer,
                new Question(
                        bearer.key(), verb, resource, neighbour.getMetadata().getNamespace(), ""));
    }

    private CompletableFuture<Boolean> ask(Bearer bearer, Question question) {
        return verdicts.get(question, (q, executor) -> review(bearer, q)).thenApply(verdict -> {
            if (!verdict.authenticated()) {
                throw rejected();
            }
            return verdict.allowed();
        });
    }

    private CompletableFuture<Identity> identify(Bearer bearer) {
        ObjectNode review = mapper.createObjectNode();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "SelfSubjectReview");
        return api.create(bearer, Paths.SUBJECT_REVIEWS, review)
                .thenApply(answer -> new Identity(
                        answer.ok()
                                ? Optional.of(answer.body()
                                        .at("/status/userInfo/username")
                                        .asText("-"))
                                : notAuthenticated(answer),
                        remaining(bearer)));
    }

    private CompletableFuture<Verdict> review(Bearer bearer, Question question) {
        ObjectNode review = mapper.createObjectNode();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
        ObjectNode attributes = review.putObject("spec").putObject("resourceAttributes");
        attributes
                .put("group", Paths.GROUP)
                .put("resource", question.resource())
                .put("verb", question.verb())
                .put("namespace", question.namespace());
        if (!question.name().isEmpty()) {
            attributes.put("name", question.name());
        }
        return api.create(bearer, Paths.ACCESS_REVIEWS, review)
                .thenApply(answer -> new Verdict(
                        answer.ok() || notAuthenticated(answer).isPresent(),
                        answer.ok() && answer.body().at("/status/allowed").asBoolean(false),
                        remaining(bearer)));
    }

    /** Empty for a token that is not good; who is known but may not ask about themselves has no rights either. */
    private static Optional<String> notAuthenticated(ApiServer.Answer answer) {
        return switch (answer.code()) {
            case 401 -> Optional.empty();
            case 403 -> Optional.of("-");
            default -> throw Refusal.unavailable("the Kubernetes API server could not say who asks, try again later");
        };
    }

    private Duration remaining(Bearer bearer) {
        Duration left = bearer.expiry()
                .map(end -> Duration.between(clock.instant(), end))
                .filter(d -> d.compareTo(ttl) < 0)
                .orElse(ttl);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Refusal rejected() {
        return Refusal.unauthenticated("the token is not valid");
    }
}

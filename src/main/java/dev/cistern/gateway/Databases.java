package dev.cistern.gateway;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cistern.api.Database;
import dev.cistern.api.DatabaseAction;
import dev.cistern.api.DatabaseStatus;
import dev.cistern.api.Feature;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineRegistry;
import dev.cistern.engine.FeatureDefault;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** Finds Databases by any of their names, for callers who may see them, and shows them. */
@ApplicationScoped
class Databases {
    private static final String RESOURCE = "databases";

    private final Mirrors mirrors;
    private final Access access;
    private final EngineRegistry engines;
    private final KubernetesClient client;
    private final AsyncCache<ObjectKey, Optional<String>> operations = Caffeine.newBuilder()
            .maximumSize(1000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .buildAsync();

    private record ObjectKey(String namespace, String name) {}

    private record Candidate(Database database, boolean visible) {}

    Databases(Mirrors mirrors, Access access, EngineRegistry engines, KubernetesClient client) {
        this.mirrors = mirrors;
        this.access = access;
        this.engines = engines;
        this.client = client;
    }

    /**
     * The Database of this name. The caller is identified first, so that nobody without a good token learns whether it
     * exists; then 404 when it does not, 403 when the caller may not {@code get} it.
     */
    CompletableFuture<Database> find(Exchange exchange, String id) {
        Bearer bearer = exchange.bearer();
        return access.user(bearer).thenCompose(user -> {
            exchange.user(user);
            List<Database> named = mirrors.databases().byKey(id);
            if (named.isEmpty()) {
                throw Refusal.notFound("database");
            }
            return visible(bearer, named).thenApply(Databases::only);
        });
    }

    /** What REST shows of a Database. */
    CompletableFuture<DatabaseBody.Wrapped> show(Database database) {
        return operation(database)
                .thenApply(operation ->
                        DatabaseMapping.map(database, mirrors.featuresOf(database), defaults(database), operation));
    }

    /** The features that its engine has; none when this build does not have the engine. */
    Map<Feature, FeatureDefault> defaults(Database database) {
        return engines.find(database.getSpec().engine()).map(Engine::features).orElse(Map.of());
    }

    /** Two Databases of one name in two namespaces can, once in a long while, share the short form. */
    private CompletableFuture<List<Candidate>> visible(Bearer bearer, List<Database> named) {
        CompletableFuture<List<Candidate>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Database database : named) {
            all = all.thenCombine(access.may(bearer, "get", RESOURCE, database), (list, may) -> {
                list.add(new Candidate(database, may));
                return list;
            });
        }
        return all;
    }

    private static Database only(List<Candidate> candidates) {
        List<Database> visible = candidates.stream()
                .filter(Candidate::visible)
                .map(Candidate::database)
                .toList();
        if (visible.isEmpty()) {
            throw Refusal.forbidden("you may not get this database");
        }
        if (visible.size() > 1) {
            throw Refusal.conflict("more than one database has this name, use the id instead");
        }
        return visible.getFirst();
    }

    /** Only the name is in the status; the object behind it never changes, so it is asked for once. */
    private CompletableFuture<Optional<String>> operation(Database database) {
        Optional<String> name = Optional.ofNullable(database.getStatus()).map(DatabaseStatus::currentAction);
        if (name.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return operations.get(new ObjectKey(database.getMetadata().getNamespace(), name.get()), this::operationId);
    }

    private Optional<String> operationId(ObjectKey key) {
        try {
            DatabaseAction action = client.resources(DatabaseAction.class)
                    .inNamespace(key.namespace())
                    .withName(key.name())
                    .get();
            return Optional.ofNullable(action).map(DatabaseId::shortId);
        } catch (KubernetesClientException e) {
            // A Database is worth showing without it.
            return Optional.empty();
        }
    }
}

package dev.cistern.gateway;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A copy of all objects of one kind, kept up to date by one watch, and a place to wait for what they become.
 *
 * @param <T> the kind
 */
final class Mirror<T extends HasMetadata> implements ResourceEventHandler<T> {
    private static final String INDEX = "index";

    private final SharedIndexInformer<T> informer;
    private final Map<String, Set<Wait<T>>> waits = new ConcurrentHashMap<>();

    private record Wait<T>(Predicate<T> until, CompletableFuture<T> future) {}

    /** Starts the watch, which goes on trying when the API server is not there. */
    Mirror(SharedIndexInformer<T> informer, Function<T, List<String>> keys) {
        this.informer = informer;
        informer.removeNamespaceIndex();
        informer.addIndexers(Map.of(INDEX, keys));
        informer.addEventHandler(this);
        informer.exceptionHandler((started, failure) -> true);
        informer.start();
    }

    boolean synced() {
        return informer.hasSynced();
    }

    /** The objects that have this key. */
    List<T> byKey(String key) {
        return informer.getIndexer().byIndex(INDEX, key);
    }

    /**
     * Waits until the copy of this object is as wanted; fails with {@link Refusal} 404 when the object goes away. Give
     * it a time limit.
     */
    CompletableFuture<T> when(HasMetadata object, Predicate<T> until) {
        String uid = object.getMetadata().getUid();
        Wait<T> wait = new Wait<>(until, new CompletableFuture<>());
        waits.compute(uid, (u, set) -> {
            Set<Wait<T>> all = set == null ? ConcurrentHashMap.newKeySet() : set;
            all.add(wait);
            return all;
        });
        // Asked after the wait was noted down, so that no event falls in between.
        current(object).filter(until).ifPresent(wait.future()::complete);
        wait.future()
                .whenComplete((value, failure) -> waits.computeIfPresent(uid, (u, set) -> {
                    set.remove(wait);
                    return set.isEmpty() ? null : set;
                }));
        return wait.future();
    }

    /** Waits until the copy is at least as new as what the API server answered. */
    CompletableFuture<T> whenSeen(HasMetadata written) {
        long version = version(written);
        return when(written, copy -> version(copy) >= version);
    }

    void stop() {
        informer.stop();
    }

    @Override
    public void onAdd(T object) {
        tell(object);
    }

    @Override
    public void onUpdate(T before, T object) {
        tell(object);
    }

    @Override
    public void onDelete(T object, boolean unknown) {
        Set<Wait<T>> waiting = waits.get(object.getMetadata().getUid());
        if (waiting != null) {
            waiting.forEach(w -> {
                if (w.until().test(object)) {
                    w.future().complete(object);
                } else {
                    w.future().completeExceptionally(Refusal.notFound(object.getKind()));
                }
            });
        }
    }

    private void tell(T object) {
        Set<Wait<T>> waiting = waits.get(object.getMetadata().getUid());
        if (waiting != null) {
            waiting.stream()
                    .filter(w -> w.until().test(object))
                    .forEach(w -> w.future().complete(object));
        }
    }

    private Optional<T> current(HasMetadata object) {
        @Nullable T copy = informer.getIndexer().getByKey(Cache.metaNamespaceKeyFunc(object));
        return Optional.ofNullable(copy)
                .filter(c ->
                        c.getMetadata().getUid().equals(object.getMetadata().getUid()));
    }

    private static long version(HasMetadata object) {
        try {
            return Long.parseLong(object.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            // Opaque by contract, though a number on every API server there is: then any copy will do.
            return 0;
        }
    }
}

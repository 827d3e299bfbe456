package dev.cistern.controller;

import dev.cistern.api.Database;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Listens to the Database that an object names, and finds it in the cache. */
final class ReferencedDatabase {
    private static final String INDEX = "database";

    private ReferencedDatabase() {}

    static <P extends HasMetadata> EventSource<?, P> source(
            EventSourceContext<P> context, Class<P> type, Function<P, String> name) {
        context.getPrimaryCache()
                .addIndexer(
                        INDEX, p -> List.of(key(name.apply(p), p.getMetadata().getNamespace())));
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Database.class, type)
                        .withNamespacesInheritedFromController()
                        .withPrimaryToSecondaryMapper((P p) -> Set.of(
                                new ResourceID(name.apply(p), p.getMetadata().getNamespace())))
                        .withSecondaryToPrimaryMapper(d -> context
                                .getPrimaryCache()
                                .byIndex(
                                        INDEX,
                                        key(
                                                d.getMetadata().getName(),
                                                d.getMetadata().getNamespace()))
                                .stream()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        // Its user's word and whether it goes; its status changes too often to be news here.
                        .withOnUpdateFilter((now, before) -> !Objects.equals(
                                        now.getMetadata().getGeneration(),
                                        before.getMetadata().getGeneration())
                                || !Objects.equals(
                                        now.getMetadata().getDeletionTimestamp(),
                                        before.getMetadata().getDeletionTimestamp()))
                        .build(),
                context);
    }

    private static String key(String name, String namespace) {
        return namespace + "/" + name;
    }
}

package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.catalogue.CatalogueSource;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.Set;

/** Wakes every Database when the catalogue changes. */
final class CatalogueSignal {
    private final CatalogueSource catalogue;

    CatalogueSignal(CatalogueSource catalogue) {
        this.catalogue = catalogue;
    }

    EventSource<?, Database> source(EventSourceContext<Database> context) {
        return new Source(catalogue, context);
    }

    private static final class Source extends AbstractEventSource<Void, Database> {
        private final EventSourceContext<Database> context;

        Source(CatalogueSource catalogue, EventSourceContext<Database> context) {
            super(Void.class, "catalogue");
            this.context = context;
            catalogue.onChange(this::wakeAll);
        }

        private void wakeAll() {
            if (isRunning()) {
                context.getPrimaryCache()
                        .list()
                        .map(ResourceID::fromResource)
                        .forEach(id -> getEventHandler().handleEvent(new Event(id)));
            }
        }

        @Override
        public Set<Void> getSecondaryResources(Database primary) {
            return Set.of();
        }
    }
}

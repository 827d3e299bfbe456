package dev.cistern.catalogue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.cistern.api.EngineType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The versions and plans on offer.
 *
 * @param releases versions of all engines
 * @param plans plans of all engines
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Catalogue(List<Release> releases, List<Plan> plans) {
    public Catalogue {
        releases = List.copyOf(releases);
        plans = List.copyOf(plans);
    }

    /** A catalogue that offers nothing. */
    public static Catalogue empty() {
        return new Catalogue(List.of(), List.of());
    }

    /** The plan of this name, if it is offered for the engine. */
    public Optional<Plan> plan(EngineType engine, String name) {
        return plans(engine).filter(p -> p.name().equals(name)).findFirst();
    }

    /** The plans offered for the engine. */
    public Stream<Plan> plans(EngineType engine) {
        return plans.stream().filter(p -> p.offers(engine.id()));
    }

    /** The releases of the engine, newest first. */
    public Stream<Release> releases(EngineType engine) {
        return releases.stream()
                .filter(r -> r.engine().equals(engine.id()))
                .sorted(Comparator.comparing(Release::version).reversed());
    }

    /** Exactly this version, if it is offered. */
    public Optional<Release> release(EngineType engine, Version version) {
        return releases(engine).filter(r -> r.version().equals(version)).findFirst();
    }

    /** The newest release that what the user wrote names; the engine's preferred one when nothing was written. */
    public Optional<Release> newest(EngineType engine, Optional<String> wanted) {
        if (wanted.isPresent()) {
            return releases(engine)
                    .filter(r -> r.version().matches(wanted.get()))
                    .findFirst();
        }
        return releases(engine)
                .filter(Release::preferred)
                .findFirst()
                .or(() -> releases(engine).findFirst());
    }

    /**
     * What an upgrade from this version would bring: the newest of the same major, or, on that one, the newest of the
     * allowed majors.
     */
    public Optional<Release> next(EngineType engine, Version from) {
        Optional<Release> minor = releases(engine)
                .filter(r -> r.version().major() == from.major() && r.version().compareTo(from) > 0)
                .findFirst();
        return minor.or(() -> release(engine, from).stream()
                .flatMap(r -> r.upgrades().stream())
                .sorted(Comparator.reverseOrder())
                .flatMap(v -> release(engine, v).stream())
                .findFirst());
    }
}

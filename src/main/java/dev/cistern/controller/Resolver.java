package dev.cistern.controller;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseSpec;
import dev.cistern.api.EngineType;
import dev.cistern.catalogue.Catalogue;
import dev.cistern.catalogue.CatalogueSource;
import dev.cistern.catalogue.Plan;
import dev.cistern.catalogue.Release;
import dev.cistern.catalogue.Version;
import dev.cistern.controller.Resolution.Resolved;
import dev.cistern.controller.Resolution.Unresolvable;
import dev.cistern.engine.Credentials;
import dev.cistern.engine.Engine;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.EngineRegistry;
import dev.cistern.engine.Problem;
import dev.cistern.engine.ServerTls;
import dev.cistern.feature.FeaturePlan;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import dev.cistern.kube.Secret;
import dev.cistern.status.Reason;
import dev.cistern.tls.Certificates;
import dev.cistern.tls.CisternAuthority;
import dev.cistern.tls.Pem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Phase resolve: what a Database means in terms of the catalogue, its Secrets and its features. */
@ApplicationScoped
class Resolver {
    private static final int SUFFIX = 4;

    private final EngineRegistry engines;
    private final CatalogueSource catalogue;
    private final Certificates certificates;
    private final CisternAuthority authority;
    private final ReleaseChoice releases;
    private final PublicEndpoint endpoint;

    Resolver(
            EngineRegistry engines,
            CatalogueSource catalogue,
            Certificates certificates,
            CisternAuthority authority,
            ReleaseChoice releases,
            PublicEndpoint endpoint) {
        this.engines = engines;
        this.catalogue = catalogue;
        this.certificates = certificates;
        this.authority = authority;
        this.releases = releases;
        this.endpoint = endpoint;
    }

    Resolution resolve(Observed observed) {
        DatabaseSpec spec = observed.database().getSpec();
        Optional<Engine> engine = engines.find(spec.engine());
        if (engine.isEmpty()) {
            return problem(
                    Reason.EngineNotInstalled,
                    "this build of Cistern runs %s; %s is not among them"
                            .formatted(
                                    engines.types().stream().sorted().toList(),
                                    spec.engine().id()));
        }
        Optional<Problem> foreign = foreignClaims(observed);
        if (foreign.isPresent()) {
            return new Unresolvable(foreign.get());
        }
        Resolution wanted = wanted(observed, engine.get());
        if (wanted instanceof Unresolvable(Problem problem)) {
            // What runs has to be looked after all the same: its certificate, its objects, whether it serves.
            return lastGood(observed, engine.get())
                    .<Resolution>map(good -> good.with(problem))
                    .orElse(wanted);
        }
        return wanted;
    }

    private Resolution wanted(Observed observed, Engine engine) {
        DatabaseSpec spec = observed.database().getSpec();
        Catalogue offered = catalogue.current();
        Optional<Plan> plan = offered.plan(spec.engine(), spec.plan());
        if (plan.isEmpty()) {
            return problem(
                    Reason.UnknownPlan,
                    "plan %s is not in the catalogue for %s: use one of %s"
                            .formatted(
                                    spec.plan(),
                                    spec.engine().id(),
                                    offered.plans(spec.engine()).map(Plan::name).collect(Collectors.joining(", "))));
        }
        return switch (releases.choose(offered, spec, observed.runningVersion())) {
            case ReleaseChoice.Choice.Run run -> checked(resolved(observed, engine, plan.get(), run.release()));
            case ReleaseChoice.Choice.Refused refused -> new Unresolvable(refused.problem());
        };
    }

    private static Resolution checked(Resolved resolved) {
        return resolved.engine().check(resolved.context()).stream()
                .<Resolution>map(Unresolvable::new)
                .findFirst()
                .orElse(resolved);
    }

    /** What was last applied: plan and version are on the StatefulSet. */
    private Optional<Resolved> lastGood(Observed observed, Engine engine) {
        Catalogue offered = catalogue.current();
        EngineType type = engine.type();
        Optional<Plan> plan = observed.statefulSet()
                .flatMap(s -> Labels.get(s, Labels.PLAN))
                .flatMap(name -> offered.plan(type, name));
        Optional<Release> release =
                observed.runningVersion().flatMap(version -> offered.release(type, Version.parse(version)));
        return plan.flatMap(p -> release.map(r -> resolved(observed, engine, p, r)))
                .filter(good -> engine.check(good.context()).isEmpty());
    }

    private Resolved resolved(Observed observed, Engine engine, Plan plan, Release release) {
        Database database = observed.database();
        String name = database.getMetadata().getName();
        Map<String, String> tls = serverTls(observed);
        Map<String, String> stored = ClientKeys.without(data(observed, Names.internal(name)));
        FeaturePlan features = FeaturePlan.of(
                engine.features(), observed.features(), observed.publicService().isPresent());
        EngineContext context = new EngineContext(
                database,
                release,
                plan,
                features.on(),
                credentials(observed),
                new ServerTls(
                        authority.certificate(),
                        Pem.certificate(tls.getOrDefault("tls.crt", "")).getSerialNumber()),
                engine.internal(stored, certificates),
                observed.instances());
        return new Resolved(engine, context, features, tls, Optional.empty());
    }

    // What an earlier Database of the name has left is taken over only by the same engine.
    private static Optional<Problem> foreignClaims(Observed observed) {
        String engine = observed.database().getSpec().engine().id();
        return observed.claims().stream()
                .filter(c -> Labels.get(c, Labels.ENGINE)
                        .filter(e -> !e.equals(engine))
                        .isPresent())
                .findFirst()
                .map(c -> new Problem(
                        Reason.NameTaken.name(),
                        "volume claim %s holds the data of an earlier %s Database of this name: delete the claim, or use another name"
                                .formatted(
                                        c.getMetadata().getName(),
                                        Labels.get(c, Labels.ENGINE).orElse(""))));
    }

    private Credentials credentials(Observed observed) {
        Database database = observed.database();
        String name = database.getMetadata().getName();
        Map<String, String> stored = ClientKeys.of(data(observed, Names.internal(name)));
        stored.putAll(data(observed, Names.binding(name)));
        String own =
                name.replace('-', '_') + "_" + database.getMetadata().getUid().substring(0, SUFFIX);
        return new Credentials(
                stored.getOrDefault("username", own),
                new Secret(stored.getOrDefault("password", certificates.password())),
                stored.getOrDefault("database", own));
    }

    private Map<String, String> serverTls(Observed observed) {
        List<String> names = serverNames(observed);
        Map<String, String> stored =
                data(observed, Names.tls(observed.database().getMetadata().getName()));
        if (authority.good(stored, names)) {
            return stored;
        }
        var pair = authority.issue(names);
        Map<String, String> made = new HashMap<>();
        made.put("tls.crt", pair.certificate());
        made.put("tls.key", pair.key());
        made.put("ca.crt", authority.certificate());
        return made;
    }

    private List<String> serverNames(Observed observed) {
        String name = observed.database().getMetadata().getName();
        String namespace = observed.database().getMetadata().getNamespace();
        String pods = "*." + Names.pods(name) + "." + namespace + ".svc";
        List<String> names = new ArrayList<>(List.of(
                name + "." + namespace + ".svc",
                name,
                name + "." + namespace,
                name + "." + namespace + ".svc.cluster.local",
                pods,
                pods + ".cluster.local",
                "localhost",
                "127.0.0.1"));
        observed.publicService()
                .flatMap(endpoint::of)
                .map(PublicEndpoint.Address::host)
                .filter(host -> !names.contains(host))
                .ifPresent(names::add);
        return names;
    }

    private static Map<String, String> data(Observed observed, String secret) {
        return observed.secret(secret).map(CisternAuthority::decode).orElse(Map.of());
    }

    private static Unresolvable problem(Reason reason, String message) {
        return new Unresolvable(new Problem(reason.name(), message));
    }
}

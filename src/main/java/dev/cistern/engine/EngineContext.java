package dev.cistern.engine;

import dev.cistern.api.Database;
import dev.cistern.api.DatabaseSpec;
import dev.cistern.api.Feature;
import dev.cistern.catalogue.Plan;
import dev.cistern.catalogue.Release;
import dev.cistern.kube.Labels;
import dev.cistern.kube.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything an engine may know of one database.
 *
 * @param database the resource as its user wrote it
 * @param release the version to run
 * @param plan the size to run with
 * @param features the features that are on
 * @param credentials how clients log in
 * @param tls what the instances ought to show
 * @param internal what {@link Engine#internal} asked to keep
 * @param instances the pods that exist
 */
public record EngineContext(
        Database database,
        Release release,
        Plan plan,
        Set<Feature> features,
        Credentials credentials,
        ServerTls tls,
        Map<String, String> internal,
        List<Instance> instances) {

    public EngineContext {
        features = Set.copyOf(features);
        internal = Map.copyOf(internal);
        instances = List.copyOf(instances);
    }

    /** The Database's name, after which all its objects are named. */
    public String name() {
        return database.getMetadata().getName();
    }

    /** The namespace of the Database and all its objects. */
    public String namespace() {
        return database.getMetadata().getNamespace();
    }

    public DatabaseSpec spec() {
        return database.getSpec();
    }

    /** Labels for every object of this database. */
    public Map<String, String> labels() {
        return Labels.of(name(), spec().engine().id());
    }

    /** DNS name that clients connect to. */
    public String host() {
        return Names.host(database);
    }

    public boolean on(Feature feature) {
        return features.contains(feature);
    }

    /** Database nodes that ought to run: none while suspended. */
    public int replicas() {
        return spec().suspended() ? 0 : plan.instances();
    }

    /** The instance that takes writes, if it is known and has an address. */
    public Optional<Instance> primary() {
        return instances.stream()
                .filter(i -> i.primary() && i.address().isPresent())
                .findFirst();
    }

    /** Never shows credentials. */
    @Override
    public String toString() {
        return "EngineContext[" + namespace() + "/" + name() + "]";
    }
}

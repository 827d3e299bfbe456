package dev.cistern.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;

/** The labels and annotations that Cistern writes, and how they are read. */
public final class Labels {
    /** Recommended label; its value {@link #CISTERN} selects all that Cistern owns. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** Value of {@link #MANAGED_BY}. */
    public static final String CISTERN = "cistern";
    /** Name of the Database that an object belongs to. */
    public static final String DATABASE = "cistern.dev/database";
    /** Engine of that Database. */
    public static final String ENGINE = "cistern.dev/engine";
    /** {@code primary} or {@code replica}; written on pods by whatever decides the role. */
    public static final String ROLE = "cistern.dev/role";
    /** Version that an object's data was last served by, {@code major.minor.patch-build}. */
    public static final String VERSION = "cistern.dev/version";
    /** Plan whose settings an object carries. */
    public static final String PLAN = "cistern.dev/plan";
    /** On a namespace, {@code "true"}: its pods may connect to the databases of every namespace. */
    public static final String CLIENTS = "cistern.dev/database-clients";

    private Labels() {}

    /** Labels of every object of a database. */
    public static Map<String, String> of(String database, String engine) {
        return Map.of(MANAGED_BY, CISTERN, DATABASE, database, ENGINE, engine);
    }

    /** Labels that select the pods of a database and nothing else. */
    public static Map<String, String> selector(String database) {
        return Map.of(MANAGED_BY, CISTERN, DATABASE, database);
    }

    /** A label's value, if the object has it. */
    public static Optional<String> get(HasMetadata object, String label) {
        return Optional.ofNullable(object.getMetadata().getLabels()).map(l -> l.get(label));
    }
}

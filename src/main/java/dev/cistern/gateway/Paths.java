package dev.cistern.gateway;

import dev.cistern.api.Database;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** Where the objects are on the API server. Names come from objects that it accepted, so nothing needs quoting. */
final class Paths {
    static final String GROUP = "cistern.dev";
    static final String API_VERSION = GROUP + "/v1alpha1";
    static final String ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    static final String SUBJECT_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private Paths() {}

    static String of(Database database) {
        return collection("databases", database) + "/" + database.getMetadata().getName();
    }

    static String feature(Database database, String name) {
        return collection("databasefeatures", database) + "/" + name;
    }

    static String actions(Database database) {
        return collection("databaseactions", database);
    }

    private static String collection(String plural, HasMetadata neighbour) {
        return "/apis/" + API_VERSION + "/namespaces/" + neighbour.getMetadata().getNamespace() + "/" + plural;
    }
}

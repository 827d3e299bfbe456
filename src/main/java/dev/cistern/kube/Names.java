package dev.cistern.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** The names of the objects of a database, all derived from the Database's own. */
public final class Names {
    private Names() {}

    /** Headless Service that gives each pod a name. */
    public static String pods(String database) {
        return database + "-pods";
    }

    /** Service that opens the database to the outside. */
    public static String publicService(String database) {
        return database + "-public";
    }

    /** Connection Secret for clients. */
    public static String binding(String database) {
        return database + "-binding";
    }

    /** Secret with the server certificate. */
    public static String tls(String database) {
        return database + "-tls";
    }

    /** Secret with what only the operator and the pods need. */
    public static String internal(String database) {
        return database + "-internal";
    }

    /** Name of a volume claim of the StatefulSet. */
    public static String claim(String database, int ordinal) {
        return "data-" + database + "-" + ordinal;
    }

    /** Name of a pod. */
    public static String pod(String database, int ordinal) {
        return database + "-" + ordinal;
    }

    /** DNS name of the database's client Service, without the cluster domain. */
    public static String host(HasMetadata database) {
        return database.getMetadata().getName() + "." + database.getMetadata().getNamespace() + ".svc";
    }

    /** DNS name of one pod, without the cluster domain. */
    public static String podHost(HasMetadata database, String pod) {
        return pod + "." + pods(database.getMetadata().getName()) + "."
                + database.getMetadata().getNamespace() + ".svc";
    }
}

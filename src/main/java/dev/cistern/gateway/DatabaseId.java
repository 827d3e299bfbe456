package dev.cistern.gateway;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * The three names that REST clients know a database by; a path takes any of them.
 *
 * @param id 24 hex digits, which is what {@code database.id} shows
 * @param addon what most clients put in a path
 * @param resource the one for people
 */
public record DatabaseId(String id, String addon, String resource) {
    private static final int ID_LENGTH = 24;
    private static final int SUFFIX_LENGTH = 4;

    /** The names of this object. */
    public static DatabaseId of(HasMetadata database) {
        String uid = database.getMetadata().getUid();
        String digits = digits(uid);
        return new DatabaseId(
                digits.substring(0, ID_LENGTH),
                "ad-" + uid,
                database.getMetadata().getName() + "-" + digits.substring(0, SUFFIX_LENGTH));
    }

    /** The 24 digits that name any object, such as an action, in REST. */
    public static String shortId(HasMetadata object) {
        return digits(object.getMetadata().getUid()).substring(0, ID_LENGTH);
    }

    /** All three. */
    public List<String> all() {
        return List.of(id, addon, resource);
    }

    private static String digits(String uid) {
        return uid.replace("-", "");
    }
}

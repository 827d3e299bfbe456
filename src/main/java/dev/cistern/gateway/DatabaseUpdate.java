package dev.cistern.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.api.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Changes the settings of a Database as its caller. It names only what is really different, so that it never becomes a
 * second owner of what Git says already.
 */
@ApplicationScoped
class DatabaseUpdate {
    private final ApiServer api;
    private final Access access;
    private final Settling settling;

    DatabaseUpdate(ApiServer api, Access access, Settling settling) {
        this.api = api;
        this.access = access;
        this.settling = settling;
    }

    /** Makes the change and answers with the Database as it is then. */
    Database update(Bearer bearer, Database known, DatabaseChange wanted) {
        if (!Futures.await(access.may(bearer, "patch", "databases", known))) {
            throw Refusal.forbidden("you may not patch this database");
        }
        // Read as the caller and not from the copy: an apply must start from the owners of this very moment.
        ApiServer.Answer current = Futures.await(api.get(bearer, Paths.of(known)));
        if (!current.ok()) {
            throw Conflicts.refuse(current, "database");
        }
        if (!known.getMetadata()
                .getUid()
                .equals(current.body().at("/metadata/uid").asText())) {
            throw Refusal.notFound("database");
        }
        DatabaseChange change = wanted.against(current.body().path("spec"));
        if (change.isEmpty()) {
            return read(current.body());
        }
        Database written = read(apply(bearer, known, current.body(), change));
        settling.database(written);
        return written;
    }

    private JsonNode apply(Bearer bearer, Database known, JsonNode current, DatabaseChange change) {
        ObjectNode document = document(current, change);
        ApiServer.Answer answer = Futures.await(api.apply(bearer, Paths.of(known), document, false));
        List<Conflicts.Conflict> found = Conflicts.of(answer);
        if (answer.code() == 409 && Conflicts.onlyDefaults(found, current)) {
            answer = Futures.await(api.apply(bearer, Paths.of(known), document, true));
        }
        if (!answer.ok()) {
            throw Conflicts.refuse(answer, "database");
        }
        return answer.body();
    }

    private ObjectNode document(JsonNode current, DatabaseChange change) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", Paths.API_VERSION).put("kind", "Database");
        document.putObject("metadata")
                .put("name", current.at("/metadata/name").asText())
                .put("namespace", current.at("/metadata/namespace").asText())
                // An apply would otherwise make a new object where the old one has just been deleted.
                .put("uid", current.at("/metadata/uid").asText());
        ObjectNode spec = FieldOwners.applied(current);
        change.into(spec);
        document.set("spec", spec);
        return document;
    }

    private Database read(JsonNode object) {
        return api.read(object, Database.class);
    }
}

package dev.cistern.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.api.Database;
import dev.cistern.api.DatabaseFeature;
import dev.cistern.api.DatabaseFeatureStatus;
import dev.cistern.api.Feature;
import dev.cistern.api.FeatureStatus;
import dev.cistern.engine.FeatureDefault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;

/**
 * Switches features on and off as the caller, by DatabaseFeature objects named after the Database and the feature. Asking
 * for what is so already changes nothing and is answered as if it had, so that a client may repeat itself.
 */
@ApplicationScoped
class FeatureSwitch {
    private static final String FIELD = "feature";

    private final Mirrors mirrors;
    private final Databases databases;
    private final ApiServer api;
    private final Settling settling;

    FeatureSwitch(Mirrors mirrors, Databases databases, ApiServer api, Settling settling) {
        this.mirrors = mirrors;
        this.databases = databases;
        this.api = api;
        this.settling = settling;
    }

    /** Switches a feature on and says where it stands. */
    FeatureBodies.Enabled enable(Bearer bearer, Database database, String name) {
        Feature feature = known(database, name);
        FeatureState state = state(feature, database);
        if (state.wanted()) {
            return standing(feature, state);
        }
        if (feature == Feature.PUBLICLY_AVAILABLE) {
            requireForceSsl(database);
        }
        write(bearer, database, state, true);
        return FeatureBodies.Enabled.pending(feature);
    }

    /** Switches a feature off. */
    FeatureBodies.Disabled disable(Bearer bearer, Database database, String name) {
        Feature feature = known(database, name);
        FeatureState state = state(feature, database);
        boolean byDefault = databases.defaults(database).get(feature) == FeatureDefault.ON;
        if (feature == Feature.FORCE_SSL
                && state.wanted()
                && state(Feature.PUBLICLY_AVAILABLE, database).wanted()) {
            throw Refusal.invalid(FIELD, "force-ssl cannot go while publicly-available is on: disable that first");
        }
        if (state.wanted()) {
            if (byDefault) {
                write(bearer, database, state, false);
            } else {
                state.object().ifPresent(object -> delete(bearer, database, object));
            }
        }
        return FeatureBodies.Disabled.of(feature);
    }

    private Feature known(Database database, String name) {
        Map<Feature, FeatureDefault> has = databases.defaults(database);
        return Feature.of(name)
                .filter(has::containsKey)
                .orElseThrow(() -> Refusal.invalid(
                        FIELD,
                        "must be one of "
                                + String.join(
                                        ", ",
                                        has.keySet().stream()
                                                .map(Feature::id)
                                                .sorted()
                                                .toList())
                                + " for " + database.getSpec().engine()));
    }

    private FeatureState state(Feature feature, Database database) {
        return FeatureState.of(feature, database, mirrors.featuresOf(database), databases.defaults(database));
    }

    private static FeatureBodies.Enabled standing(Feature feature, FeatureState state) {
        FeatureStatus status = state.status().orElse(FeatureStatus.PENDING_TO_ACTIVATE);
        return switch (status) {
            case PENDING_TO_ACTIVATE, PENDING_TO_REMOVE -> FeatureBodies.Enabled.pending(feature);
            case ACTIVATED ->
                new FeatureBodies.Enabled(feature.id(), status.name(), feature.id() + " feature is enabled");
            case FAILED ->
                new FeatureBodies.Enabled(
                        feature.id(),
                        status.name(),
                        state.object()
                                .map(DatabaseFeature::getStatus)
                                .map(DatabaseFeatureStatus::message)
                                .orElse(feature.id() + " feature could not be enabled"));
        };
    }

    private void requireForceSsl(Database database) {
        FeatureState ssl = state(Feature.FORCE_SSL, database);
        if (!ssl.activated()) {
            throw Refusal.invalid(
                    FIELD,
                    "publicly-available needs force-ssl to be ACTIVATED first, and it is "
                            + ssl.status().map(FeatureStatus::name).orElse("off"));
        }
    }

    private void write(Bearer bearer, Database database, FeatureState state, boolean enabled) {
        String own = database.getMetadata().getName() + "-" + state.feature().id();
        state.object().ifPresent(object -> requireOurs(object, own));
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", Paths.API_VERSION).put("kind", "DatabaseFeature");
        ObjectNode metadata = document.putObject("metadata")
                .put("name", own)
                .put("namespace", database.getMetadata().getNamespace());
        state.object().ifPresent(o -> metadata.put("uid", o.getMetadata().getUid()));
        ObjectNode spec = document.putObject("spec");
        spec.putObject("databaseRef").put("name", database.getMetadata().getName());
        spec.put("feature", state.feature().id()).put("enabled", enabled);
        ApiServer.Answer answer = Futures.await(api.apply(bearer, Paths.feature(database, own), document, false));
        if (!answer.ok()) {
            throw Conflicts.refuse(answer, FIELD);
        }
        settling.feature(api.read(answer.body(), DatabaseFeature.class));
    }

    private void delete(Bearer bearer, Database database, DatabaseFeature object) {
        String own = database.getMetadata().getName() + "-"
                + object.getSpec().feature().id();
        requireOurs(object, own);
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.putObject("preconditions").put("uid", object.getMetadata().getUid());
        ApiServer.Answer answer = Futures.await(api.delete(bearer, Paths.feature(database, own), options));
        if (!answer.ok() && answer.code() != 404) {
            throw Conflicts.refuse(answer, FIELD);
        }
        settling.deleted(object);
    }

    /** What somebody else keeps, such as Git, would come back; the caller has to change it there. */
    private void requireOurs(DatabaseFeature object, String own) {
        String name = object.getMetadata().getName();
        if (!name.equals(own)) {
            throw Refusal.conflict("the DatabaseFeature " + name + " holds this feature, change it there");
        }
        Optional<String> manager = FieldOwners.other(api.tree(object));
        if (manager.isPresent()) {
            throw Refusal.conflict(
                    "the DatabaseFeature " + name + " is managed by " + manager.get() + ", change it there");
        }
    }
}

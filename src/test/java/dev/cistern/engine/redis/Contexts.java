package dev.cistern.engine.redis;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.cistern.api.Database;
import dev.cistern.api.Feature;
import dev.cistern.catalogue.Plan;
import dev.cistern.catalogue.Release;
import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.ServerTls;
import dev.cistern.kube.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Contexts from YAML, with fixed secrets. */
record Contexts(Database database, Release release, Plan plan, Set<Feature> features) {
    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    static final String PASSWORD = "not-a-secret";

    static Contexts read(String yaml) {
        try {
            return YAML.readValue(yaml, Contexts.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    EngineContext context() {
        return context(features, new ServerTls("", BigInteger.ONE), List.of());
    }

    EngineContext context(Set<Feature> on, ServerTls tls, List<Instance> instances) {
        return new EngineContext(
                database,
                release,
                plan,
                on,
                new Credentials("orders", new Secret(PASSWORD), "0"),
                tls,
                Map.of(Logins.OPERATOR_PASSWORD, "operators"),
                instances);
    }

    /** Sorted, because the order of labels differs from run to run. */
    static String yaml(Object object) {
        try {
            return YAML.writeValueAsString(new KubernetesSerialization().convertValue(object, Map.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

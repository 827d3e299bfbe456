package dev.cistern.engine.redis;

import com.fasterxml.jackson.databind.json.JsonMapper;
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
    static final String PASSWORD = "not-a-secret";

    static Contexts read(String yaml) {
        try {
            return new JsonMapper(new YAMLFactory()).readValue(yaml, Contexts.class);
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

    static String yaml(Object object) {
        return new KubernetesSerialization().asYaml(object);
    }
}

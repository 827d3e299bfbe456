package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cistern.api.Database;
import dev.cistern.api.Feature;
import dev.cistern.catalogue.Plan;
import dev.cistern.catalogue.Release;
import dev.cistern.catalogue.Version;
import dev.cistern.engine.Credentials;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.ServerTls;
import dev.cistern.kube.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Contexts for tests without a cluster. */
final class Contexts {
    static final Path DESIRED = Path.of("src/test/resources/desired/postgresql");

    private static final ObjectMapper YAML = new YAMLMapper();

    private Contexts() {}

    /** The one that a golden case describes. */
    static EngineContext of(Path folder) {
        try {
            JsonNode in = YAML.readTree(Files.readString(folder.resolve("in.yaml")));
            Set<Feature> features = new TreeSet<>();
            in.get("features").forEach(f -> features.add(Feature.of(f.asText()).orElseThrow()));
            String version = in.get("version").asText();
            return new EngineContext(
                    YAML.treeToValue(in.get("database"), Database.class),
                    new Release(
                            "postgresql",
                            Version.parse(version),
                            "registry.example/postgresql:" + version,
                            List.of(),
                            false),
                    YAML.treeToValue(in.get("plan"), Plan.class),
                    features,
                    new Credentials("app", new Secret("not-shown-anywhere"), "app"),
                    new ServerTls("authority", BigInteger.ONE),
                    Map.of(PeerKeys.AUTHORITY_CERTIFICATE, "peer authority"),
                    List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EngineContext single() {
        return of(DESIRED.resolve("single"));
    }

    static EngineContext with(EngineContext context, Credentials credentials, Set<Feature> features) {
        return new EngineContext(
                context.database(),
                context.release(),
                context.plan(),
                features,
                credentials,
                context.tls(),
                context.internal(),
                context.instances());
    }
}

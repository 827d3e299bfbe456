package dev.cistern.controller;

import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Workload;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Secrets of a database, from text. */
final class SecretData {
    private SecretData() {}

    static Secret secret(EngineContext context, String name, String type, Map<String, String> text) {
        Map<String, String> data = new TreeMap<>();
        text.forEach((k, v) -> data.put(k, Base64.getEncoder().encodeToString(v.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withMetadata(Workload.metadata(context, name))
                .withType(type)
                .withData(data)
                .build();
    }
}

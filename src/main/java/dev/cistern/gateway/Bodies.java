package dev.cistern.gateway;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads request bodies. */
final class Bodies {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private Bodies() {}

    /**
     * The JSON in a body; no body is an empty object.
     *
     * @throws Refusal when it is not JSON
     */
    static JsonNode read(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return READER.createObjectNode();
        }
        try {
            return READER.readTree(body);
        } catch (IOException e) {
            throw Refusal.malformed("the body is not valid JSON");
        }
    }
}

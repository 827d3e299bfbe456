package dev.cistern.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The token a caller came with. Only the API server says whether it is good.
 *
 * @param value the token; goes to the API server and nowhere else
 * @param key a hash to remember answers by
 */
record Bearer(String value, String key) {
    /** Real tokens have about 1 KiB; those with many groups several. */
    static final int MAX_LENGTH = 8192;

    private static final String SCHEME = "Bearer ";
    private static final String SYMBOLS = "-._~+/";
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads the header.
     *
     * @throws Refusal when there is no usable token in it
     */
    static Bearer of(List<String> headers) {
        if (headers.isEmpty()) {
            throw Refusal.unauthenticated("send a token in the header Authorization: Bearer");
        }
        if (headers.size() > 1) {
            throw Refusal.malformed("more than one Authorization header");
        }
        String header = headers.getFirst();
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Refusal.unauthenticated("send a token in the header Authorization: Bearer");
        }
        String token = header.substring(SCHEME.length()).strip();
        if (token.length() > MAX_LENGTH || !isToken(token)) {
            throw Refusal.unauthenticated("the token is not valid");
        }
        return new Bearer(token, hash(token));
    }

    /** When a JSON Web Token says that it ends. Not verified: good only to remember answers for less long. */
    Optional<Instant> expiry() {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try (JsonParser claims = JSON.createParser(Base64.getUrlDecoder().decode(parts[1]))) {
            if (claims.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (claims.nextToken() == JsonToken.FIELD_NAME) {
                String claim = claims.currentName();
                JsonToken kind = claims.nextToken();
                if ("exp".equals(claim) && kind != null && kind.isNumeric()) {
                    return Optional.of(Instant.ofEpochSecond(claims.getValueAsLong()));
                }
                claims.skipChildren();
            }
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            // Not a JSON Web Token after all.
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Bearer[***]";
    }

    /** By hand: with a regular expression this was a fifth of the cost of a read. */
    private static boolean isToken(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && SYMBOLS.indexOf(c) < 0) {
                return false;
            }
        }
        return end > 0;
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.cistern.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cistern.engine.Credentials;
import dev.cistern.kube.Secret;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientKeysTest {
    @Test
    void what_is_kept_comes_back_and_the_rest_is_the_engines() {
        Map<String, String> internal =
                new HashMap<>(ClientKeys.of(new Credentials("user", new Secret("word"), "base")));
        internal.put("operator-password", "own");
        assertThat(ClientKeys.of(internal))
                .containsExactlyInAnyOrderEntriesOf(Map.of("username", "user", "password", "word", "database", "base"));
        assertThat(ClientKeys.without(internal)).containsExactly(Map.entry("operator-password", "own"));
    }
}

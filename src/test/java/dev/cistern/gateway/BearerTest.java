package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTest {
    @Test
    void readsAToken() {
        Bearer bearer = Bearer.of(List.of("bearer abc.def-_~+/="));

        assertThat(bearer.value()).isEqualTo("abc.def-_~+/=");
        assertThat(bearer.key()).doesNotContain("abc");
        assertThat(bearer.toString()).doesNotContain("abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer a\r\nb", "Bearer ä", "abc"})
    void refusesOthers(String header) {
        assertRefused(List.of(header), 401);
    }

    @Test
    void refusesNoneTwoAndTooLong() {
        assertRefused(List.of(), 401);
        assertRefused(List.of("Bearer a", "Bearer b"), 400);
        assertRefused(List.of("Bearer " + "a".repeat(Bearer.MAX_LENGTH + 1)), 401);
    }

    @Test
    void knowsWhenATokenEnds() {
        assertThat(jwt("{\"sub\":{\"exp\":1},\"exp\":1700000000}").expiry())
                .contains(Instant.ofEpochSecond(1_700_000_000));
        assertThat(jwt("{\"exp\":\"never\"}").expiry()).isEmpty();
        assertThat(jwt("[]").expiry()).isEmpty();
        assertThat(Bearer.of(List.of("Bearer a.b.c")).expiry()).isEmpty();
        assertThat(Bearer.of(List.of("Bearer opaque")).expiry()).isEmpty();
    }

    private static Bearer jwt(String claims) {
        String payload =
                Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return Bearer.of(List.of("Bearer e30." + payload + ".c2ln"));
    }

    private static void assertRefused(List<String> headers, int status) {
        assertThatThrownBy(() -> Bearer.of(headers))
                .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                .extracting(Refusal::status)
                .isEqualTo(status);
    }
}
